import { problem } from '../problem.ts';
import type { Range } from '../text/range.ts';
import type { Report } from './report.ts';
import { type Entry, emptyMapping, type MappingNode } from './tree.ts';

/** The parts of a setting's key: `db.host` is short for `host` in `db`. A key with an empty part is one key. */
export function keyParts(key: string): string[] {
  const parts = key.split('.');
  return parts.includes('') ? [key] : parts;
}

/**
 * Puts an entry into a mapping. A key of several parts becomes the nested path, joined with what stands there; a key
 * that is given twice is a problem, and the first stays. Keys in `replaceable` came through `<<` and give way.
 */
export function addEntry(
  report: Report,
  mapping: MappingNode,
  parts: readonly string[],
  entry: Entry,
  replaceable: Set<string>,
): void {
  const [first = '', ...rest] = parts;
  if (rest.length === 0) {
    put(report, mapping, first, entry, replaceable);
    return;
  }
  const split = entry.keyRange.start + first.length;
  const exact = entry.keyRange.end - entry.keyRange.start === parts.join('.').length;
  const head: Range = exact ? { start: entry.keyRange.start, end: split } : entry.keyRange;
  const tail: Range = exact ? { start: split + 1, end: entry.keyRange.end } : entry.keyRange;
  const nested = emptyMapping({ start: tail.start, end: entry.value.range.end });
  addEntry(report, nested, rest, { ...entry, keyRange: tail }, new Set());
  put(report, mapping, first, { keyRange: head, value: nested, dotted: true }, replaceable);
}

function put(
  report: Report,
  mapping: MappingNode,
  key: string,
  entry: Entry,
  replaceable: Set<string>,
): void {
  const there = mapping.entries.get(key);
  if (there === undefined || replaceable.delete(key)) {
    mapping.entries.set(key, entry);
    return;
  }
  if (there.value.kind === 'mapping' && entry.value.kind === 'mapping' && (there.dotted || entry.dotted)) {
    mapping.entries.set(key, joined(report, there, there.value, entry, entry.value));
    return;
  }
  const { file } = report;
  const related = [{ message: 'first given here', file, range: there.keyRange }];
  const message = `the key \`${key}\` is given twice in this mapping: the first one counts`;
  report.problems.push(problem('duplicate-key', { file, range: entry.keyRange }, message, { related }));
}

/** `db.host: x` beside `db.port: 1` or beside `db: {..}`: one mapping, of which each key counts once. */
function joined(report: Report, there: Entry, first: MappingNode, entry: Entry, second: MappingNode): Entry {
  const range = {
    start: Math.min(first.range.start, second.range.start),
    end: Math.max(first.range.end, second.range.end),
  };
  const mapping: MappingNode = { kind: 'mapping', range, entries: new Map(first.entries) };
  for (const [key, one] of second.entries) put(report, mapping, key, one, new Set());
  const { dotted: _, ...plain } = there;
  return { ...plain, value: mapping, ...(there.dotted && entry.dotted ? { dotted: true } : {}) };
}
