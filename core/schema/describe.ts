import { code, shortened } from '../features/markdown.ts';
import type { EffectiveValue } from '../merge/setting.ts';
import { effectiveJson, nodeJson, readableStyle } from '../render/json.ts';
import { didYouMean } from '../text/names.ts';
import type { LayerNode } from '../yaml/tree.ts';
import { type Breach, isAboutKey } from './breaches.ts';
import { ruleAt } from './rule.ts';

/** What a breach is told with. */
export interface Telling {
  /** The schema file's name. */
  name: string;
  root: LayerNode;
  valueAt(path: readonly string[]): EffectiveValue | LayerNode | undefined;
}

/** What is wrong, in a sentence: `` `70000` is more than the maximum 65535 of schema.json ``. */
export function describeBreach(breach: Breach, telling: Telling): string {
  const { node, schema } = ruleAt(telling.root, breach.rule);
  const value = telling.valueAt(breach.path);
  const key = breach.path.at(-1) ?? '';
  const shown = isAboutKey(breach) ? `the key ${code(key)}` : shownValue(value);
  const about: About = { breach, telling, value, shown, limit: limitText(node), node, schema };
  return (
    describers.get(breach.keyword)?.(about) ?? `${shown} breaks \`${breach.keyword}\` of ${telling.name}`
  );
}

interface About {
  breach: Breach;
  telling: Telling;
  value: EffectiveValue | LayerNode | undefined;
  shown: string;
  /** What stands behind the keyword, as text. */
  limit: string;
  node: LayerNode;
  schema: LayerNode;
}

type Describe = (about: About) => string;

/** A sentence about the value, the words given and the limit. */
function than(words: string): Describe {
  return ({ shown, limit, telling }) => `${shown} ${words} ${limit} of ${telling.name}`;
}

const type: Describe = ({ shown, value, node, telling }) => {
  const found = value?.kind === 'null' ? 'there is no value (null)' : `${shown} is ${kindOf(value)}`;
  return `${found}, and ${telling.name} wants ${wanted(node)}`;
};

/** A sentence about how many there may be. */
function counted(words: string, of: string): Describe {
  return ({ limit, telling }) =>
    `${telling.name} wants ${words} ${limit} ${of}${limit === '1' ? '' : 's'} here`;
}

/** What follows from a key that is there. */
const together: Describe = ({ breach: { names }, telling }) =>
  `where ${code(names[0] ?? '')} is, ${telling.name} wants ${code(names[1] ?? '')} as well`;

const alternatives: Describe = ({ breach, telling, shown }) => {
  if (breach.matches > 1)
    return `${shown} fits ${breach.matches} alternatives of ${telling.name} where one may fit`;
  const reasons = breach.alternatives.map((one) => describeBreach(one, telling));
  const first = [...new Set(reasons)].slice(0, 3);
  return `${shown} fits none of the alternatives of ${telling.name}${first.length === 0 ? '' : `: ${first.join('; ')}`}`;
};

const describers: ReadonlyMap<string, Describe> = new Map<string, Describe>([
  ['type', type],
  [
    'enum',
    ({ shown, value, node, telling }) =>
      `${shown} is none of the values that ${telling.name} allows: ${choices(node)}${meant(value, node)}`,
  ],
  [
    'const',
    ({ shown, node, telling }) => `${shown} stands where ${telling.name} allows ${nodeText(node)} alone`,
  ],
  ['minimum', boundary('less than', 'minimum')],
  ['maximum', boundary('more than', 'maximum')],
  ['exclusiveMinimum', than('is not above the limit')],
  ['exclusiveMaximum', than('is not below the limit')],
  ['multipleOf', than('is no multiple of the step')],
  ['minLength', than('is shorter than the minimum length')],
  ['maxLength', than('is longer than the maximum length')],
  ['pattern', than('does not match the pattern')],
  [
    'format',
    ({ shown, limit, telling }) => `${shown} does not have the format ${limit} that ${telling.name} wants`,
  ],
  ['minItems', counted('at least', 'element')],
  ['maxItems', counted('at most', 'element')],
  ['minProperties', counted('at least', 'key')],
  ['maxProperties', counted('at most', 'key')],
  ['minContains', counted('at least', 'fitting element')],
  ['maxContains', counted('at most', 'fitting element')],
  ['contains', ({ telling }) => `no element is what ${telling.name} wants one to be`],
  ['uniqueItems', ({ telling }) => `an element stands here twice, and ${telling.name} wants each once`],
  [
    'required',
    ({ breach, telling }) => `${telling.name} requires ${code(breach.names[0] ?? '')}, and no layer gives it`,
  ],
  ['dependentRequired', together],
  ['dependencies', together],
  ['not', ({ shown, telling }) => `${shown} is what ${telling.name} rules out`],
  ['anyOf', alternatives],
  ['oneOf', alternatives],
  ['false', unknownKey],
]);

/** In draft 4 the limit itself can be left out. */
function boundary(words: string, keyword: string): Describe {
  const flag = `exclusive${keyword.charAt(0).toUpperCase()}${keyword.slice(1)}`;
  return ({ shown, limit, schema, telling }) => {
    const exclusive = schema.kind === 'mapping' ? schema.entries.get(flag)?.value : undefined;
    const equal = exclusive?.kind === 'boolean' && exclusive.value ? ' or equal to' : '';
    return `${shown} is ${words}${equal} the ${keyword} ${limit} of ${telling.name}`;
  };
}

function unknownKey({ breach, telling }: About): string {
  const key = breach.path.at(-1) ?? '';
  const { schema } = ruleAt(telling.root, breach.rule);
  const properties = schema.kind === 'mapping' ? schema.entries.get('properties')?.value : undefined;
  const known = properties?.kind === 'mapping' ? properties.entries.keys() : [];
  const hint = didYouMean(key, known);
  return `${telling.name} knows no ${code(key)} here${hint === '' ? '' : `.${hint}`}`;
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list',
  list: 'a list',
  object: 'a mapping',
  mapping: 'a mapping',
  string: 'a string',
  integer: 'an integer',
  float: 'a float',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

function kindOf(value: EffectiveValue | LayerNode | undefined): string {
  const kind = value?.kind ?? 'mapping';
  return kind === 'boolean' ? 'a boolean' : (kinds[kind] ?? kind);
}

/** The types that a schema wants, in words. */
function wanted(node: LayerNode): string {
  const types = node.kind === 'list' ? node.items : [node];
  return types.map((one) => (one.kind === 'string' ? (kinds[one.value] ?? one.value) : '')).join(' or ');
}

const mostChoices = 8;

function choices(node: LayerNode): string {
  const items = node.kind === 'list' ? node.items : [];
  const first = items.slice(0, mostChoices).map(nodeText).join(', ');
  return items.length > mostChoices ? `${first} and ${items.length - mostChoices} more` : first;
}

/** The choice that a mistyped one may mean. */
function meant(value: EffectiveValue | LayerNode | undefined, node: LayerNode): string {
  const scalar = value !== undefined && 'node' in value ? value.node : value;
  if (scalar?.kind !== 'string' || node.kind !== 'list') return '';
  const hint = didYouMean(
    scalar.value,
    node.items.flatMap((item) => (item.kind === 'string' ? [item.value] : [])),
  );
  return hint === '' ? '' : `.${hint}`;
}

function shownValue(value: EffectiveValue | LayerNode | undefined): string {
  if (value === undefined || value.kind === 'mapping') return 'this mapping';
  if (value.kind === 'list') return 'this list';
  return code(
    shortened('node' in value ? effectiveJson(value, readableStyle) : nodeJson(value, readableStyle)),
  );
}

/** What a keyword asks for, as it is read in a sentence. */
function limitText(node: LayerNode): string {
  if (node.kind === 'string') return code(node.value);
  return node.kind === 'integer' || node.kind === 'float' ? nodeJson(node, readableStyle) : nodeText(node);
}

function nodeText(node: LayerNode): string {
  return code(shortened(nodeJson(node, readableStyle)));
}
