import type { Place } from './failure.ts';

/**
 * A Python value as templates know it: `bigint` is an int, `number` a float, `null` is None.
 * Strings are sequences of code points; none holds half a surrogate pair.
 */
export type Value = null | boolean | bigint | number | string | Compound;

export type Compound = List | Tuple | Dict | Markup | Range | View | Undefined | Stream | PyObject;

export interface List {
  kind: 'list';
  items: Value[];
}

export interface Tuple {
  kind: 'tuple';
  items: readonly Value[];
}

/** A mapping; entries are found by `hashKey` and keep their order. */
export interface Dict {
  kind: 'dict';
  entries: Map<string, readonly [key: Value, value: Value]>;
  /** The setting that holds it, as a dotted path; empty for the whole configuration. */
  path?: string;
}

/** Text that needs no more escaping. */
export interface Markup {
  kind: 'markup';
  text: string;
}

export interface Range {
  kind: 'range';
  start: bigint;
  stop: bigint;
  step: bigint;
}

/** What `keys()`, `values()` and `items()` give. */
export interface View {
  kind: 'view';
  of: 'keys' | 'values' | 'items';
  dict: Dict;
}

/** What is not there; anything that is done with it fails, but asking whether it is there. */
export interface Undefined {
  kind: 'undefined';
  message: string;
  setting?: string;
  place?: Place;
  /** It comes from an `if` without `else`: Jinja2 prints it as nothing. */
  lenient?: true;
}

/** An iterator of Python: it can be gone over once. */
export interface Stream {
  kind: 'stream';
  iterator: Iterator<Value>;
}

/** Anything else: functions, macros, `loop`, namespaces, modules. */
export interface PyObject {
  kind: 'object';
  type: string;
  attribute?(name: string): Value | undefined;
  item?(key: Value): Value | undefined;
  assign?(name: string, value: Value): void;
  call?(given: Arguments): Value;
  iterate?(): Iterator<Value>;
  length?(): bigint;
  /** What printing it gives; without this, an address. */
  text?(): string;
}

/** The arguments of a call. */
export interface Arguments {
  args: Value[];
  named: Map<string, Value>;
}

export function list(items: Value[]): List {
  return { kind: 'list', items };
}

export function tuple(items: readonly Value[]): Tuple {
  return { kind: 'tuple', items };
}

export function markup(text: string): Markup {
  return { kind: 'markup', text };
}

export function stream(items: Iterable<Value>): Stream {
  return { kind: 'stream', iterator: items[Symbol.iterator]() };
}

export function undefinedValue(message: string): Undefined {
  return { kind: 'undefined', message };
}

/** A function that can be called. */
export function callable(type: string, call: (given: Arguments) => Value): PyObject {
  return { kind: 'object', type, call };
}

export function isUndefined(value: Value): value is Undefined {
  return isCompound(value) && value.kind === 'undefined';
}

export function isCompound(value: Value): value is Compound {
  return typeof value === 'object' && value !== null;
}

/** The text of a string, marked as safe or not. */
export function textOf(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return isCompound(value) && value.kind === 'markup' ? value.text : undefined;
}

/** The name of a value's type in Python. */
export function typeName(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'str';
  if (value.kind === 'object') return value.type;
  if (value.kind === 'view') return `dict_${value.of}`;
  return (
    { markup: 'Markup', stream: 'generator', undefined: 'StrictUndefined' }[value.kind as string] ??
    value.kind
  );
}

/** A value, or what stands for it where there is none; None is a value. */
export function or<T>(value: Value | undefined, otherwise: () => T): Value | T {
  return value === undefined ? otherwise() : value;
}

/** An empty mapping. */
export function dict(entries: Iterable<readonly [string, Value]> = []): Dict {
  const made: Dict = { kind: 'dict', entries: new Map() };
  for (const [key, value] of entries) made.entries.set(`s${key}`, [key, value]);
  return made;
}

/** A value if it is of a kind. */
export function as<K extends Compound['kind']>(
  kind: K,
  value: Value | undefined,
): Extract<Compound, { kind: K }> | undefined {
  const matches = value !== undefined && isCompound(value) && value.kind === kind;
  return matches ? (value as Extract<Compound, { kind: K }>) : undefined;
}
