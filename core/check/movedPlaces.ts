import { type Facts, field, stride } from '../index/facts.ts';
import type { LineIndex } from '../text/lines.ts';
import type { Range } from '../text/range.ts';
import { changeBetween, moveRange } from '../yaml/recover.ts';
import type { AppFinding } from './appCheck.ts';

/** What is known of a layer's places at one time. */
export interface Places {
  facts: Facts;
  lines: LineIndex;
}

/** Likewise, with its text. */
interface SeenPlaces extends Places {
  layer: { text: string };
}

/** What became of a place: where it is now, and whether it is on another line or column. */
interface Moved {
  range: Range;
  hasMoved: boolean;
}

/** Where the places of settings that a layer had are in it now; `undefined` for one of which that cannot be told. */
export type Mover = (range: Range) => Moved | undefined;

/** Finds places again by the settings that they belong to. */
export function placeMover(before: Places, now: Places): Mover {
  const found = new Map<number, Moved | undefined>();
  const moved = (was: Range, is: Range) => {
    const key = keyOf(was);
    const known = found.get(key);
    // A mapping and its only key have one place, and may have two afterwards: nobody knows which one was meant.
    const isOther = found.has(key) && (known?.range.start !== is.start || known.range.end !== is.end);
    const one = { range: is, hasMoved: !isSamePlace(before.lines, was, now.lines, is) };
    found.set(key, isOther ? undefined : one);
  };
  const rows = new Map<number, number>();
  for (let at = 0; at < now.facts.length; at += stride) rows.set(now.facts[at + field.path] ?? 0, at);
  for (let at = 0; at < before.facts.length; at += stride) {
    const row = rows.get(before.facts[at + field.path] ?? 0);
    if (row === undefined) continue;
    const [was, is] = [placesAt(before.facts, at), placesAt(now.facts, row)];
    moved(was.key, is.key);
    moved(was.value, is.value);
    moved(was.whole, is.whole);
  }
  // What is told of a file as a whole stands at its start.
  found.set(keyOf({ start: 0, end: 0 }), { range: { start: 0, end: 0 }, hasMoved: false });
  return (range) => found.get(keyOf(range));
}

/** Likewise for a text that does not parse: what is not found by its setting moves along with the text around it. */
export function halfTypedMover(before: SeenPlaces, now: SeenPlaces): Mover {
  const bySetting = placeMover(before, now);
  const edit = changeBetween(before.layer.text, now.layer.text);
  return (range) => {
    const found = bySetting(range);
    if (found !== undefined) return found;
    const moved = moveRange(range, edit);
    return { range: moved, hasMoved: !isSamePlace(before.lines, range, now.lines, moved) };
  };
}

/** Likewise for a text that parses again: what moved along with the text is where a setting is now, or nowhere. */
export function mendedMover(before: SeenPlaces, now: SeenPlaces): Mover {
  const alongWithText = halfTypedMover(before, now);
  // What is told of a file as a whole stands at its start.
  const known = new Set([keyOf({ start: 0, end: 0 })]);
  for (let at = 0; at < now.facts.length; at += stride) {
    for (const range of Object.values(placesAt(now.facts, at))) known.add(keyOf(range));
  }
  return (range) => {
    const moved = alongWithText(range);
    return moved !== undefined && known.has(keyOf(moved.range)) ? moved : undefined;
  };
}

function placesAt(facts: Facts, at: number): { key: Range; value: Range; whole: Range } {
  const key = { start: facts[at + field.keyStart] ?? 0, end: facts[at + field.keyEnd] ?? 0 };
  const value = { start: facts[at + field.start] ?? 0, end: facts[at + field.end] ?? 0 };
  return { key, value, whole: { start: key.start, end: Math.max(key.end, value.end) } };
}

function keyOf({ start, end }: Range): number {
  return start * 2 ** 26 + end;
}

function isSamePlace(before: LineIndex, was: Range, now: LineIndex, is: Range): boolean {
  return isSame(before, was.start, now, is.start) && isSame(before, was.end, now, is.end);
}

function isSame(before: LineIndex, was: number, now: LineIndex, is: number): boolean {
  const [one, other] = [before.position(was), now.position(is)];
  return one.line === other.line && one.character === other.character;
}

/**
 * Puts the places that a finding has in a file where they are now: in the finding itself, as typing moves thousands.
 * @returns whether it shows; `undefined` where a place is not to be found, and the finding may not hold any more.
 */
export function movePlaces(finding: AppFinding, file: string, mover: Mover): boolean | undefined {
  const places = [finding, ...finding.related].filter((one) => one.file === file);
  const moved = places.map(({ range }) => mover(range));
  if (moved.includes(undefined)) return undefined;
  let hasMoved = false;
  for (const [index, one] of places.entries()) {
    const is = moved[index];
    hasMoved ||= is?.hasMoved ?? false;
    if (is !== undefined && !isSameRange(one.range, is.range)) one.range = is.range;
  }
  return hasMoved;
}

function isSameRange(one: Range, other: Range): boolean {
  return one.start === other.start && one.end === other.end;
}
