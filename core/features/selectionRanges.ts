import { type Range, touches, withoutBlankEnd } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { yamlTokens } from '../yaml/tokens.ts';
import type { LayerNode } from '../yaml/tree.ts';
import { isAlias } from './settingAt.ts';
import { type Yaml, yamlOf } from './yamlOf.ts';

/**
 * What selections at some places grow to, step by step: the word, the value without and with its quotes, the
 * setting, the mapping that it stands in, and so on up to the whole file.
 */
export function selectionRanges(model: Model, file: string, offsets: readonly number[]): Range[][] {
  const yaml = yamlOf(model, file);
  if (yaml === undefined) return [];
  const comments = yamlTokens(yaml.text).filter((one) => one.kind === 'comment');
  return offsets.map((offset) => rangesAt(yaml, comments, offset));
}

function rangesAt({ text, root }: Yaml, comments: readonly Range[], offset: number): Range[] {
  const comment = comments.find((one) => touches(one, offset));
  const tree = root === undefined ? [] : around(text, root, offset);
  const inner = comment ? [{ start: comment.start, end: comment.end }] : [];
  return nested([{ start: 0, end: text.length }, ...tree, ...inner, ...wordAt(text, offset)]);
}

/** The parts of the tree that the place is in, the outermost first. */
function around(text: string, node: LayerNode, offset: number): Range[] {
  const range = withoutBlankEnd(text, node.range);
  if (!touches(range, offset)) return [];
  if (isAlias({ text }, node)) return [range];
  if (node.kind === 'mapping') return [range, ...deepest(entriesAround(text, node, offset))];
  if (node.kind !== 'list') return [range, ...withoutQuotes(text, range, offset)];
  const items = node.items.filter((item) => touches(item.range, offset));
  return [range, ...deepest(items.map((item) => around(text, item, offset)))];
}

function entriesAround(text: string, mapping: LayerNode & { kind: 'mapping' }, offset: number): Range[][] {
  return [...mapping.entries.values()].flatMap(({ keyRange, value, inherited, also = [] }) => {
    const end = Math.max(keyRange.end, withoutBlankEnd(text, value.range).end);
    const whole = { start: Math.min(keyRange.start, value.range.start), end };
    if (inherited || !touches(whole, offset)) return [];
    const key = [keyRange, ...also].find((one) => touches(one, offset));
    if (key) return [[whole, key, ...withoutQuotes(text, key, offset)]];
    return [touches(value.range, offset) ? [whole, ...around(text, value, offset)] : [whole]];
  });
}

function deepest(found: Range[][]): Range[] {
  return found.reduce((best, one) => (one.length > best.length ? one : best), []);
}

function withoutQuotes(text: string, { start, end }: Range, offset: number): Range[] {
  const inner = { start: start + 1, end: end - 1 };
  const isQuoted = /["']/.test(text[start] ?? '') && text[end - 1] === text[start];
  return isQuoted && inner.end >= inner.start && touches(inner, offset) ? [inner] : [];
}

function wordAt(text: string, offset: number): Range[] {
  const before = /[\p{L}\p{N}_]*$/u.exec(text.slice(Math.max(0, offset - 200), offset))?.[0] ?? '';
  const behind = /^[\p{L}\p{N}_]*/u.exec(text.slice(offset, offset + 200))?.[0] ?? '';
  return before + behind === '' ? [] : [{ start: offset - before.length, end: offset + behind.length }];
}

/** From the innermost to the outermost, each larger than the one before. */
function nested(outermostFirst: readonly Range[]): Range[] {
  const kept: Range[] = [];
  for (const range of outermostFirst) {
    const last = kept.at(-1);
    const isInside = last === undefined || (range.start >= last.start && range.end <= last.end);
    const isSmaller = last === undefined || range.end - range.start < last.end - last.start;
    if (isInside && isSmaller) kept.push(range);
  }
  return kept.reverse();
}
