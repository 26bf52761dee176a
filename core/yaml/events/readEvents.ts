import { type Event, parseEvents, type ScalarEvent } from 'js-yaml';
import { convertAlias, rememberAnchor } from '../aliases.ts';
import {
  type Conversion,
  type ConvertOptions,
  maxDepth,
  nothing,
  startConversion,
  textWeight,
} from '../conversion.ts';
import { fillMapping, partsOf, type WrittenEntry } from '../mappings.ts';
import { emptyMapping, type LayerNode, type ListNode, type MappingNode, replacing } from '../tree.ts';
import { behindColon, behindDash, closingBracket } from './places.ts';
import { keyText, readScalar, scalarRange } from './scalars.ts';
import { isUnusual } from './unusual.ts';

/** The numbers that the parser has for kinds of events (`EVENT_ID`). */
const DOCUMENT = 1;
const MAPPING = 3;
const SCALAR = 4;
const ALIAS = 5;

const FLOW = 2;

interface Reader {
  text: string;
  events: readonly Event[];
  /** The event that is read next. */
  at: number;
  /** Where the last thing that was read ends. */
  end: number;
  work: Conversion;
  /** Something came that only the other parser can judge. */
  unsure: boolean;
}

type Node = Exclude<Event, { type: 1 | 6 }>;

/**
 * Reads a sound YAML 1.2 text, several times as fast as the parser that finds mistakes. It gives the same tree with
 * the same places, or nothing: what is not sound, or so rare that two parsers may differ, is left to the other.
 * @returns `undefined` where the other parser has to be asked; `root` is `undefined` for an empty text.
 */
export function readEvents(
  file: string,
  text: string,
  options: ConvertOptions,
): { root: LayerNode | undefined } | undefined {
  if (isUnusual(text)) return undefined;
  const events = eventsOf(text);
  if (events === undefined) return undefined;
  if (events.length === 0) return { root: undefined };
  const work = startConversion(file, text, options);
  const reader: Reader = { text, events, at: 1, end: 0, work, unsure: false };
  const root = isEmptyDocument(events) ? undefined : readNode(reader);
  // One document: its root, and the end of it.
  const isWhole = events[0]?.type === DOCUMENT && reader.at === events.length - 1;
  const isSound = !reader.unsure && work.problems.length === 0;
  return isSound && (isWhole || root === undefined) ? { root } : undefined;
}

function eventsOf(text: string): Event[] | undefined {
  try {
    return parseEvents(text, { maxDepth: maxDepth + 2 });
  } catch {
    // It throws at the first mistake.
    return undefined;
  }
}

function isEmptyDocument(events: readonly Event[]): boolean {
  const [, root] = events;
  if (root === undefined || events.length > 3) return false;
  if (events.length === 2) return true;
  return root.type === SCALAR && root.valueStart === -1 && root.tagStart === -1 && root.style === 1;
}

/** @param emptyAt where a value stands that is not written. */
function readNode(reader: Reader, emptyAt?: number): LayerNode {
  const event = reader.events[reader.at++] as Node;
  const { work } = reader;
  if (event.type === ALIAS) {
    const range = { start: event.anchorStart - 1, end: event.anchorEnd };
    reader.end = range.end;
    return convertAlias(work, reader.text.slice(event.anchorStart, event.anchorEnd), range);
  }
  if (work.depth > maxDepth) reader.unsure = true;
  if (reader.unsure) return nothing({ start: 0, end: 0 });
  if (event.anchorStart === -1) return readPlain(reader, event, emptyAt);
  const name = reader.text.slice(event.anchorStart, event.anchorEnd);
  return rememberAnchor(work, name, () => readPlain(reader, event, emptyAt));
}

function readPlain(
  reader: Reader,
  event: Exclude<Node, { type: 5 }>,
  emptyAt: number | undefined,
): LayerNode {
  const { work, text } = reader;
  reader.end = Math.max(reader.end, event.anchorEnd, event.tagEnd);
  if (event.type === SCALAR) return readScalarEvent(reader, event, emptyAt);
  work.values++;
  const tag = event.tagStart === -1 ? undefined : text.slice(event.tagStart, event.tagEnd);
  if (event.type === MAPPING) {
    if (tag !== undefined) reader.unsure = true;
    return readMapping(reader, event.start, event.style === FLOW);
  }
  const list = readList(reader, event.start, event.style === FLOW);
  if (tag === undefined) return list;
  if (tag !== '!replace') reader.unsure = true;
  return replacing(list, event.tagStart);
}

function readScalarEvent(reader: Reader, event: ScalarEvent, emptyAt: number | undefined): LayerNode {
  const { work, text } = reader;
  const range = scalarRange(text, event, reader.end, emptyAt);
  const node = range && readScalar(text, event, range);
  if (range === undefined || node === undefined) {
    reader.unsure = true;
    return nothing({ start: 0, end: 0 });
  }
  work.values += 1 + textWeight(range);
  reader.end = Math.max(reader.end, range.end);
  return node;
}

function readMapping(reader: Reader, start: number, isFlow: boolean): MappingNode {
  const { work, text, events } = reader;
  const written: WrittenEntry[] = [];
  reader.end = Math.max(reader.end, isFlow ? start + 1 : start);
  if (isFlow && text[start] !== '{') reader.unsure = true;
  while (!reader.unsure && events[reader.at]?.type !== 6) written.push(readEntry(reader));
  reader.at++;
  const range = { start, end: isFlow ? closeBracket(reader, start, '}') : reader.end };
  const mapping = emptyMapping(range);
  if (!reader.unsure) fillMapping(work, mapping, written);
  return mapping;
}

function readEntry(reader: Reader): WrittenEntry {
  const { work, text } = reader;
  const key = reader.events[reader.at++] as Node;
  const isPlainKey = key.type === SCALAR && key.anchorStart === -1 && key.tagStart === -1;
  const range = isPlainKey ? scalarRange(text, key, reader.end, undefined) : undefined;
  const name = isPlainKey && range ? keyText(text, key) : undefined;
  if (key.type !== SCALAR || range === undefined || name === undefined) {
    reader.unsure = true;
    return { text: '', range: { start: 0, end: 0 }, value: nothing({ start: 0, end: 0 }), merges: false };
  }
  reader.end = range.end;
  work.values += textWeight({ start: 0, end: name.length });
  const levels = partsOf(work, name).length;
  work.depth += levels;
  if (work.depth > work.deepest) work.deepest = work.depth;
  const value = readNode(reader, behindColon(text, range.end));
  work.depth -= levels;
  return { text: name, range, value, merges: name === '<<' && key.style === 1 };
}

function readList(reader: Reader, start: number, isFlow: boolean): ListNode {
  const { work, text, events } = reader;
  const items: LayerNode[] = [];
  reader.end = Math.max(reader.end, isFlow ? start + 1 : start);
  work.depth++;
  if (work.depth > work.deepest) work.deepest = work.depth;
  while (!reader.unsure && events[reader.at]?.type !== 6) {
    const item = readNode(reader, isFlow ? undefined : behindDash(text, reader.end));
    if (item.kind !== 'deleted') items.push(item);
  }
  work.depth--;
  reader.at++;
  const range = { start, end: isFlow ? closeBracket(reader, start, ']') : reader.end };
  return { kind: 'list', range, items, replace: false };
}

function closeBracket(reader: Reader, start: number, bracket: string): number {
  const end = closingBracket(reader.text, reader.end, bracket);
  // Comments at the start of a line between brackets are a mistake for one parser and none for the other.
  if (end === undefined || reader.text.slice(start, end).includes('\n#')) reader.unsure = true;
  reader.end = end ?? reader.end;
  return reader.end;
}
