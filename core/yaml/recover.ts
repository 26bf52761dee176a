import type { Range } from '../text/range.ts';
import type { Layer } from './layer.ts';
import type { ParsedText } from './parse.ts';
import type { Entry, LayerNode, MappingNode } from './tree.ts';

/**
 * Chooses what a broken text says: what could be read of it, if no setting outside of the edit got lost
 * (an unclosed quote swallows the rest of a file), else what the layer said when it last parsed, with its
 * places moved along with the edit.
 */
export function recover(
  text: string,
  parsed: ParsedText<MappingNode>,
  before: Layer,
): { root: MappingNode; stale: boolean } {
  const edit = changeBetween(before.text, text);
  if (keepsNeighbours(before.root, parsed.root, edit)) return { root: parsed.root, stale: false };
  return { root: moveNode(before.root, edit) as MappingNode, stale: true };
}

/** The stretch of the old text that differs from the new one, and by how much what follows has moved. */
interface TextChange extends Range {
  shift: number;
}

/** Finds the stretch that differs between two texts. */
export function changeBetween(before: string, after: string): TextChange {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (
    tail < most - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) {
    tail++;
  }
  return { start, end: before.length - tail, shift: after.length - before.length };
}

/** Whether every setting that stood outside of the edit is still there. */
function keepsNeighbours(before: MappingNode, after: MappingNode | undefined, edit: TextChange): boolean {
  for (const [key, entry] of before.entries) {
    const now = after?.entries.get(key);
    if (now === undefined && isOutside(entry.keyRange, edit)) return false;
    const below = now?.value.kind === 'mapping' ? now.value : undefined;
    if (entry.value.kind === 'mapping' && !keepsNeighbours(entry.value, below, edit)) return false;
  }
  return true;
}

function isOutside(range: Range, edit: TextChange): boolean {
  return range.end < edit.start || range.start > edit.end;
}

function moveNode(node: LayerNode, edit: TextChange): LayerNode {
  const range = moveRange(node.range, edit);
  if (node.kind === 'list') return { ...node, range, items: node.items.map((item) => moveNode(item, edit)) };
  if (node.kind !== 'mapping') return { ...node, range };
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries) {
    entries.set(key, {
      ...entry,
      keyRange: moveRange(entry.keyRange, edit),
      value: moveNode(entry.value, edit),
      ...(entry.also ? { also: entry.also.map((range) => moveRange(range, edit)) } : {}),
    });
  }
  return { ...node, range, entries };
}

/** Where a stretch of the old text is in the new one. */
export function moveRange(range: Range, edit: TextChange): Range {
  const move = (offset: number) =>
    offset >= edit.end ? offset + edit.shift : Math.min(offset, edit.end + edit.shift);
  const start = Math.max(0, move(range.start));
  return { start, end: Math.max(start, move(range.end)) };
}
