import { dereference, type OutputUnit, type SchemaDraft, validate } from '@cfworker/json-schema';
import { type Problem, problem } from '../problem.ts';
import { baseName } from '../text/paths.ts';
import { fileStart, type Range } from '../text/range.ts';
import { parseTree } from '../yaml/parse.ts';
import type { Plain } from '../yaml/plain.ts';
import type { LayerNode } from '../yaml/tree.ts';
import { wantedInstead } from './keywords.ts';
import { type PlainObject, plainSchema, schemaPairs } from './plainSchema.ts';
import { allSchemas, endlessRef, textOf } from './references.ts';

/** A JSON Schema as a file has it. */
export interface CompiledSchema {
  file: string;
  /** The file's name, for messages. */
  name: string;
  /** `undefined` for an empty file. */
  root: LayerNode | undefined;
  /** What keeps it from being used, if anything. */
  fault: Problem | undefined;
  /** What the validator finds wrong with a value; `undefined` where it would take too long to tell. */
  check(value: Plain): OutputUnit[] | undefined;
}

/** How many schemas may be asked about the values of one configuration: alternatives in alternatives multiply. */
const mostSteps = 500_000;

/** Reads a schema file (JSON or YAML). Never fails: a schema that cannot be used has a fault, with its place. */
export function compileSchema(file: string, text: string): CompiledSchema {
  const { root, problems } = parseTree(file, text, '1.2', { dottedKeys: false });
  const name = baseName(file);
  const unusable = (range: Range, message: string, of = root): CompiledSchema => {
    const fault = problem('schema', { file, range }, `this schema cannot be used: ${message}`);
    return { file, name, root: of, fault, check: () => [] };
  };
  const [first] = problems;
  if (first !== undefined) return unusable(first.range, first.message);
  if (root === undefined) return unusable(fileStart, 'the file is empty');
  try {
    const fault = faultIn(root);
    if (fault !== undefined) return unusable(fault.range, fault.message);
    return { file, name, root, fault: undefined, check: validator(root) };
  } catch (error) {
    // The validator refuses addresses that are none, and a file can be nested too deeply for any recursion.
    return unusable(root.range.end > 80 ? fileStart : root.range, messageOf(error), undefined);
  }
}

interface Fault {
  range: Range;
  message: string;
}

function faultIn(root: LayerNode): Fault | undefined {
  if (root.kind !== 'mapping' && root.kind !== 'boolean') {
    return { range: root.range, message: `it must be an object, and it is a ${root.kind}` };
  }
  if (draftOf(root) === undefined) return unknownDraft(root);
  return misshapen(root) ?? badPattern(root) ?? endless(root) ?? unresolved(root);
}

const drafts: readonly (readonly [RegExp, SchemaDraft])[] = [
  [/\/draft-04\//, '4'],
  [/\/draft-0[67]\//, '7'],
  [/\/draft\/2019-09\//, '2019-09'],
  [/\/draft\/2020-12\//, '2020-12'],
];

function draftOf(root: LayerNode): SchemaDraft | undefined {
  const named = textOf(root, '$schema');
  if (named === undefined) return '2020-12';
  return drafts.find(([pattern]) => pattern.test(named))?.[1];
}

function unknownDraft(root: LayerNode): Fault {
  const range = root.kind === 'mapping' ? root.entries.get('$schema')?.value.range : undefined;
  const message = 'this draft of JSON Schema is not known here; 4, 6, 7, 2019-09 and 2020-12 are';
  return { range: range ?? fileStart, message };
}

function misshapen(root: LayerNode): Fault | undefined {
  const isOld = draftOf(root) === '4';
  for (const schema of allSchemas(root)) {
    if (schema.kind !== 'mapping') continue;
    for (const [keyword, { value, keyRange }] of schema.entries) {
      // In draft 4 they say only whether the limit itself is left out.
      if (isOld && keyword.startsWith('exclusive') && value.kind === 'boolean') continue;
      const wanted = wantedInstead(keyword, value);
      if (wanted !== undefined) return { range: keyRange, message: `\`${keyword}\` takes ${wanted}` };
    }
  }
  return undefined;
}

function badPattern(root: LayerNode): Fault | undefined {
  for (const schema of allSchemas(root)) {
    if (schema.kind !== 'mapping') continue;
    const { pattern, patternProperties } = Object.fromEntries(schema.entries);
    const names = patternProperties?.value.kind === 'mapping' ? [...patternProperties.value.entries] : [];
    const patterns = names.map(([text, { keyRange }]) => ({ text, range: keyRange }));
    if (pattern?.value.kind === 'string')
      patterns.push({ text: pattern.value.value, range: pattern.value.range });
    const bad = patterns.find(({ text }) => regexOf(text) === undefined);
    if (bad !== undefined) return { range: bad.range, message: `\`${bad.text}\` is no regular expression` };
  }
  return undefined;
}

/** A pattern of a schema, as the validator reads it; `undefined` for one that is none. */
export function regexOf(text: string): RegExp | undefined {
  try {
    return new RegExp(text, 'u');
  } catch {
    return undefined;
  }
}

function endless(root: LayerNode): Fault | undefined {
  const ref = endlessRef(root);
  return ref && { range: ref.range, message: 'this leads back to itself, without end' };
}

function unresolved(root: LayerNode): Fault | undefined {
  const plain = plainSchema(root);
  const lookup = dereference(plain as PlainObject);
  for (const { node, plain: schema } of schemaPairs(root, plain)) {
    const { $ref, __absolute_ref__: address } = schema;
    if (typeof $ref !== 'string' || lookup[String(address)] !== undefined) continue;
    const range = node.entries.get('$ref')?.value.range ?? node.range;
    const message = $ref.startsWith('#')
      ? `there is no schema at \`${$ref}\``
      : `\`${$ref}\` lies outside of this file, and nothing is fetched: copy it below \`$defs\``;
    return { range, message };
  }
  return undefined;
}

function validator(root: LayerNode): CompiledSchema['check'] {
  const schema = plainSchema(root) as PlainObject | boolean;
  const draft = draftOf(root) ?? '2020-12';
  const lookup = dereference(schema);
  let steps = 0;
  for (const part of new Set(Object.values(lookup))) {
    if (typeof part !== 'object') continue;
    // The validator looks at this key of each schema that it asks, which is the one place to stop it.
    Object.defineProperty(part, '$recursiveAnchor', {
      get() {
        steps++;
        if (steps > mostSteps) throw new RangeError('too many alternatives');
      },
    });
  }
  return (value) => {
    steps = 0;
    try {
      return validate(value, schema, draft, lookup, false).errors;
    } catch {
      return undefined;
    }
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\n.*/s, '') : String(error);
}
