import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { indentAt, lineStartAt } from '../../text/lineEnds.ts';
import { columnOf, type WrittenPair } from './written.ts';

/**
 * By how much the lines of a pair move when its key moves to column 0 and mappings in it stand `step` columns
 * further in than their keys: by the offset at which each line starts that opens a key or an element.
 */
export function lineShifts(text: string, { key, value }: WrittenPair, step: number): Map<number, number> {
  const shifts = new Map<number, number>();
  const column = columnOf(text, key.start);
  shiftValue({ text, step, shifts }, value, column, 0);
  return shifts;
}

interface Shifting {
  text: string;
  step: number;
  shifts: Map<number, number>;
}

/** @param from the column of the key that has the value. @param to its column afterwards. */
function shiftValue(work: Shifting, value: Node | null | undefined, from: number, to: number): void {
  if (isMap(value) && value.flow !== true) {
    shiftPairs(work, value.items as Pair<Node | null, Node | null>[], to + work.step);
  } else if (isSeq(value) && value.flow !== true) {
    const column = columnOf(work.text, value.range?.[0] ?? 0);
    shiftItems(work, value.items as Node[], column, column > from ? to + work.step : to);
  }
}

function shiftPairs(work: Shifting, pairs: readonly Pair<Node | null, Node | null>[], to: number): void {
  for (const { key, value } of pairs) {
    if (!isScalar(key) || !key.range) continue;
    const column = columnOf(work.text, key.range[0]);
    const line = lineStartAt(work.text, key.range[0]);
    if (indentAt(work.text, line).length === column) work.shifts.set(line, to - column);
    shiftValue(work, value, column, to);
  }
}

/** @param from the column of the dashes. @param to their column afterwards. */
function shiftItems(work: Shifting, items: readonly Node[], from: number, to: number): void {
  for (const item of items) {
    const start = item.range?.[0] ?? 0;
    const line = lineStartAt(work.text, start);
    if (indentAt(work.text, line).length === from && work.text[line + from] === '-') {
      work.shifts.set(line, to - from);
    }
    const column = columnOf(work.text, start);
    if (isMap(item) && item.flow !== true) {
      shiftPairs(work, item.items as Pair<Node | null, Node | null>[], to + column - from);
    } else if (isSeq(item) && item.flow !== true) {
      shiftItems(work, item.items as Node[], column, to + column - from);
    }
  }
}

/** A line with another indent; blank lines stay. */
export function shifted(line: string, by: number): string {
  if (/^\s*$/.test(line) || by === 0) return line;
  if (by > 0) return ' '.repeat(by) + line;
  const blanks = /^ */.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(-by, blanks));
}
