import { problem } from '../problem.ts';
import type { Range } from '../text/range.ts';
import type { Report } from './report.ts';
import { type Entry, emptyMapping, type MappingNode } from './tree.ts';

/** The parts of a setting's key: `db.host` is short for `host` in `db`. A key with an empty part is one key. */
export function keyParts(key: string): string[] {
  if (!key.includes('.')) return [key];
  const parts = key.split('.');
  return parts.includes('') ? [key] : parts;
}

/** What is known while the entries of one mapping are put together. */
export interface Assembly {
  report: Report;
  /** Keys that came through `<<` and give way to the mapping's own. */
  replaceable: Set<string>;
  /** The mappings that were made for dotted keys here: nobody else has them, so they may be added to. */
  made: Set<MappingNode>;
}

/**
 * Puts an entry into a mapping. A key of several parts becomes the nested path, joined with what stands there; a key
 * that is given twice is a problem, and the first stays.
 */
export function addEntry(
  assembly: Assembly,
  mapping: MappingNode,
  parts: readonly string[],
  entry: Entry,
): void {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) {
    put(assembly, mapping, first, entry);
    return;
  }
  const split = entry.keyRange.start + first.length;
  const exact = entry.keyRange.end - entry.keyRange.start === parts.join('.').length;
  const head: Range = exact ? { start: entry.keyRange.start, end: split } : entry.keyRange;
  const tail: Range = exact ? { start: split + 1, end: entry.keyRange.end } : entry.keyRange;
  const nested = emptyMapping({ start: tail.start, end: entry.value.range.end });
  assembly.made.add(nested);
  addEntry({ ...assembly, replaceable: new Set() }, nested, rest, { ...entry, keyRange: tail });
  put(assembly, mapping, first, { keyRange: head, value: nested, dotted: true });
}

function put(assembly: Assembly, mapping: MappingNode, key: string, entry: Entry): void {
  const { report, replaceable } = assembly;
  const there = mapping.entries.get(key);
  if (there === undefined || replaceable.delete(key)) {
    mapping.entries.set(key, entry);
    return;
  }
  if (there.value.kind === 'mapping' && entry.value.kind === 'mapping' && (there.dotted || entry.dotted)) {
    mapping.entries.set(key, joined(assembly, there, there.value, entry, entry.value));
    return;
  }
  const { file } = report;
  const related = [{ message: 'first given here', file, range: there.keyRange }];
  const message = `the key \`${key}\` is given twice in this mapping: the first one counts`;
  report.problems.push(problem('duplicate-key', { file, range: entry.keyRange }, message, { related }));
}

/** `db.host: x` beside `db.port: 1` or beside `db: {..}`: one mapping, of which each key counts once. */
function joined(
  assembly: Assembly,
  there: Entry,
  first: MappingNode,
  entry: Entry,
  second: MappingNode,
): Entry {
  const range = {
    start: Math.min(first.range.start, second.range.start),
    end: Math.max(first.range.end, second.range.end),
  };
  const entries = assembly.made.has(first) ? first.entries : new Map(first.entries);
  const mapping: MappingNode = { kind: 'mapping', range, entries };
  assembly.made.add(mapping);
  const below = { ...assembly, replaceable: new Set<string>() };
  for (const [key, one] of second.entries) put(below, mapping, key, one);
  const { dotted: _, ...plain } = there;
  const also = [...(there.also ?? []), entry.keyRange, ...(entry.also ?? [])];
  return { ...plain, value: mapping, also, ...(there.dotted && entry.dotted ? { dotted: true } : {}) };
}
