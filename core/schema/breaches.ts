import type { OutputUnit } from '@cfworker/json-schema';
import { pointerParts } from './pointer.ts';

/** One rule of a schema that a value breaks. */
export interface Breach {
  keyword: string;
  /** The way to the value, with numbers for elements of lists. */
  path: string[];
  /** The way through the schema to the keyword; `$ref` leads on from its target. */
  rule: string[];
  /** The keys that the validator names, as it tells of missing ones. */
  names: string[];
  /** What each of several alternatives finds wrong with the value. */
  alternatives: Breach[];
  /** How many alternatives fit where one may. */
  matches: number;
}

/** Keywords that only say that something further in is wrong. */
const passing: ReadonlySet<string> = new Set([
  '$ref',
  'allOf',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'prefixItems',
  'items',
  'additionalItems',
  'unevaluatedItems',
  'dependentSchemas',
  'if',
]);

/** Keywords of which the whole is told, with what they hold as the reason. */
const wholes: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'contains', 'minContains', 'maxContains']);

/**
 * The rules that are really broken, of all that the validator says on its way out of the innermost one.
 * @param isOpen whether what the validator says of a value as a whole does not count, by the value's path.
 */
export function breachesOf(
  errors: readonly OutputUnit[],
  isOpen: (path: readonly string[]) => boolean,
): Breach[] {
  const told = errors.map((error, index) => toBreach(error, errors[index - 1]));
  const heads = new Map(told.flatMap((one) => (wholes.has(one.keyword) ? [[headOf(one), one]] : [])));
  const dropped = told.filter(({ keyword, path }) => keyword === 'if' && isOpen(path));
  const hidden = new Set(dropped.flatMap(({ rule }) => ['then', 'else'].map((one) => beside(rule, one))));
  return told.filter((one) => {
    if (isPassing(one)) return false;
    const prefixes = prefixesOf(one);
    if (prefixes.some((prefix) => hidden.has(prefix))) return false;
    const head = prefixes.find((prefix) => heads.has(prefix));
    if (head === undefined) return true;
    heads.get(head)?.alternatives.push(one);
    return false;
  });
}

function toBreach(error: OutputUnit, before: OutputUnit | undefined): Breach {
  const { keyword, instanceLocation } = error;
  // Of `false` in place of a schema the validator tells no place; it is that of what was told before.
  const path = pointerParts(instanceLocation);
  const location = keyword === 'false' ? (before?.keywordLocation ?? '#') : error.keywordLocation;
  const rule = pointerParts(location);
  if (keyword === 'false' && before?.keyword === 'properties') rule.push(path.at(-1) ?? '');
  return {
    keyword,
    path,
    rule,
    names: namesIn(error),
    alternatives: [],
    matches: Number(/\((\d+) matches\)/.exec(error.error)?.[1] ?? 0),
  };
}

function namesIn({ keyword, error }: OutputUnit): string[] {
  const pattern =
    keyword === 'required' ? /property "(.*)"\.$/s : /^Instance has "(.*)" but does not have "(.*)"\.$/s;
  return pattern.exec(error)?.slice(1) ?? [];
}

function isPassing({ keyword, names }: Breach): boolean {
  return passing.has(keyword) || (keyword === 'dependencies' && names.length === 0);
}

/** Whether what is wrong is a key, and not the value behind it. */
export function isAboutKey({ keyword, rule }: Breach): boolean {
  return keyword === 'false' || rule.some((part, at) => part === 'propertyNames' && !isName(rule[at - 1]));
}

function isName(above: string | undefined): boolean {
  return (
    above === 'properties' || above === 'patternProperties' || above === '$defs' || above === 'definitions'
  );
}

/** What the places of all that lies within a keyword begin with. */
function headOf({ keyword, rule }: Breach): string {
  return keyword.endsWith('Contains') ? beside(rule, 'contains') : rule.join('\n');
}

function beside(rule: readonly string[], keyword: string): string {
  return [...rule.slice(0, -1), keyword].join('\n');
}

/** The keywords that a breach lies in, the outermost first. */
function prefixesOf({ keyword, rule }: Breach): string[] {
  const length = keyword === 'false' ? rule.length + 1 : rule.length;
  return rule.map((_, index) => rule.slice(0, index + 1).join('\n')).slice(0, length - 1);
}
