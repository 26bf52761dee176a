import { refuse } from '../failure.ts';
import type { NameUse, Target } from '../nodes.ts';
import { isTupleEnd } from './primary.ts';
import {
  deeper,
  expectName,
  expectSign,
  isIdentifier,
  isSign,
  next,
  peek,
  type Reader,
  syntax,
  takeSign,
} from './reader.ts';

/** What may be given a value. */
interface TargetRules {
  /** Whether it may be an attribute of a namespace. */
  namespaces?: boolean;
}

const constants: ReadonlySet<string> = new Set(['true', 'false', 'none', 'True', 'False', 'None']);

/** Reads what is given a value: a name, or several with commas between them. */
export function parseTarget(reader: Reader, { namespaces = false }: TargetRules): Target {
  const { at } = peek(reader);
  const items: Target[] = [];
  let separated = false;
  for (;;) {
    if (items.length > 0) expectSign(reader, ',');
    if (isTupleEnd(reader)) break;
    items.push(parseOne(reader, namespaces));
    if (!isSign(reader, ',')) break;
    separated = true;
  }
  const [only] = items;
  if (only === undefined) return syntax(reader, 'expected a name', at);
  // Versions of Jinja2 differ: some do not read it.
  if (separated && items.some(({ kind }) => kind === 'namespace'))
    refuse('statement', 'Several targets with an attribute of a namespace', 'Set one behind the other.');
  return separated ? { kind: 'tuple', at, items } : only;
}

function parseOne(reader: Reader, namespaces: boolean): Target {
  const { at } = peek(reader);
  if (takeSign(reader, '(')) {
    const inner = deeper(reader, (one) => parseTarget(one, { namespaces: false }));
    expectSign(reader, ')');
    return inner;
  }
  const { text: name } = expectName(reader);
  if (!isIdentifier(name) || constants.has(name)) syntax(reader, `can't assign to '${name}'`, at);
  if (namespaces && takeSign(reader, '.')) {
    reader.names.push({ name, stored: false });
    return { kind: 'namespace', at, name, attribute: expectName(reader).text };
  }
  reader.names.push({ name, stored: true });
  return { kind: 'name', at, name };
}

/** Reads a name that is given a value, and nothing else. */
export function parseStoredName(reader: Reader): string {
  const { text: name, at } = peek(reader);
  expectName(reader);
  if (!isIdentifier(name) || constants.has(name)) syntax(reader, `can't assign to '${name}'`, at);
  reader.names.push({ name, stored: true });
  return name;
}

/** Reads something and tells which names it uses. */
export function namesOf<T>(
  reader: Reader,
  parse: (reader: Reader) => T,
): { value: T; names: readonly NameUse[] } {
  const first = reader.names.length;
  const value = parse(reader);
  return { value, names: reader.names.slice(first) };
}

/** Goes over a word if another follows. */
export function takeWords(reader: Reader, first: string, second: string): boolean {
  const [one, other] = [peek(reader), peek(reader, 1)];
  if (one.type !== 'name' || one.text !== first || other.type !== 'name' || other.text !== second)
    return false;
  next(reader);
  next(reader);
  return true;
}
