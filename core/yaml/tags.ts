import { isScalar, isSeq, type Node } from 'yaml';
import { problem } from '../problem.ts';
import { didYouMean, nearestName } from '../text/names.ts';
import type { Range } from '../text/range.ts';
import type { Report } from './report.ts';

/** The tags that say what a layer does with the value below it. */
export const layerTags = ['!missing', '!deleted', '!replace'] as const;

export type LayerTag = (typeof layerTags)[number];

const STANDARD = 'tag:yaml.org,2002:';
const known: ReadonlySet<string> = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'merge']);

/** The tag as it stands in the tree: `!missing`, or `tag:yaml.org,2002:str` for `!!str`. */
function tagOf(node: Node): string | undefined {
  return (node as { tag?: string }).tag;
}

/** Whether the node is tagged `!!str` and the like, by the name behind the marks. */
export function hasStandardTag(node: Node, name: string): boolean {
  return tagOf(node) === STANDARD + name;
}

/**
 * Which of our tags a node has. A tag that nobody knows, and one before the wrong kind of value, is a
 * problem, and the node counts as if it had none.
 */
export function layerTag(report: Report, node: Node, range: Range): LayerTag | undefined {
  const tag = tagOf(node);
  if (tag === undefined || tag === '!') return undefined;
  if (tag.startsWith(STANDARD) && known.has(tag.slice(STANDARD.length))) return undefined;
  if (tag === '!replace' && isSeq(node)) return tag;
  if ((tag === '!missing' || tag === '!deleted') && isScalar(node)) return tag;
  const meant = isLayerTag(tag) ? undefined : nearestName(tag, layerTags);
  const more = meant === undefined ? {} : { meant };
  report.problems.push(problem('yaml-syntax', { file: report.file, range }, wrongTag(tag), more));
  return undefined;
}

function isLayerTag(tag: string): boolean {
  return layerTags.some((one) => one === tag);
}

function wrongTag(tag: string): string {
  switch (tag) {
    case '!missing':
      return '`!missing` stands alone or before a reason in words, not before a collection';
    case '!deleted':
      return '`!deleted` stands alone: it takes the whole setting away';
    case '!replace':
      return '`!replace` stands before a list';
  }
  const shown = tag.startsWith(STANDARD) ? `!!${tag.slice(STANDARD.length)}` : tag;
  return `the tag \`${shown}\` is not known; layers have ${layerTags.join(', ')}.${didYouMean(tag, layerTags)}`;
}

/** The range of a tagged node with its tag: the parser's own starts behind it. */
export function rangeWithTag(text: string, node: Node, range: Range): Range {
  const tag = tagOf(node);
  if (tag === undefined) return range;
  const written = tag.startsWith(STANDARD) ? `!!${tag.slice(STANDARD.length)}` : tag;
  const start = text.lastIndexOf(written, range.start);
  if (start === -1) return range;
  // Nothing behind the tag: the parser sees it beyond the blanks.
  const isEmpty = range.end === range.start;
  return { start, end: isEmpty ? start + written.length : range.end };
}
