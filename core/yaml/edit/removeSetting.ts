import type { Edit } from '../../text/edits.ts';
import { lineEndAt, lineStartAt, nextLineAt } from '../../text/lineEnds.ts';
import { commentsAbove, ownsComment, withoutLines } from './comments.ts';
import { startsLine, type WrittenMapping, type WrittenPair, type WrittenText } from './written.ts';

export interface RemoveOptions {
  /**
   * What becomes of comments: only those that are about what goes alone go along, with all that stands in emptied
   * mappings (`own`); those that belong to the pairs go, since they are put elsewhere (`all`); or none (`stay`).
   */
  comments: 'own' | 'all' | 'stay';
}

/**
 * The edits that take pairs out of a text, with the mappings that become empty by that: `a:` with nothing below it
 * would be null, another type. In braces the comma goes too. `undefined` where a pair is written in a way that
 * cannot be edited, or has an anchor that something else repeats.
 */
export function removePairs(
  written: WrittenText,
  pairs: readonly WrittenPair[],
  { comments }: RemoveOptions,
): Edit[] | undefined {
  const gone = withEmptied(pairs);
  const edits: Edit[] = [];
  for (const mapping of new Set([...gone].map((pair) => pair.mapping))) {
    if (mapping.owner !== undefined && gone.has(mapping.owner)) continue;
    const own = mapping.pairs.filter((pair) => gone.has(pair));
    if (own.some((pair) => holdsRepeated(written, pair))) return undefined;
    const found = mapping.flow
      ? fromFlow(written, mapping, gone)
      : own.flatMap((pair) => linesOf(written, pair, comments, new Set(pairs)));
    for (const edit of found) {
      if (edit === undefined) return undefined;
      edits.push(edit);
    }
  }
  return apart(edits);
}

/** Stretches that do not overlap: the last line of a text takes the line break before it along. */
function apart(edits: readonly Edit[]): Edit[] {
  let done = 0;
  return edits
    .toSorted((a, b) => a.range.start - b.range.start)
    .flatMap(({ range, text }) => {
      const start = Math.max(range.start, done);
      done = Math.max(range.end, done);
      return start < range.end ? [{ range: { start, end: range.end }, text }] : [];
    });
}

/** The pairs and, all the way up, the owners of mappings of which nothing is left. */
function withEmptied(pairs: readonly WrittenPair[]): Set<WrittenPair> {
  const gone = new Set(pairs);
  for (const pair of gone) {
    const { owner, pairs: beside } = pair.mapping;
    if (owner !== undefined && beside.every((one) => gone.has(one))) gone.add(owner);
  }
  return gone;
}

function holdsRepeated({ repeated }: WrittenText, pair: WrittenPair): boolean {
  return repeated.some((at) => at >= pair.key.start && at <= pair.end);
}

/** The lines of a pair in a block mapping; of one that is only emptied, those that are no comments. */
function linesOf(
  written: WrittenText,
  pair: WrittenPair,
  comments: RemoveOptions['comments'],
  asked: ReadonlySet<WrittenPair>,
): (Edit | undefined)[] {
  const { text } = written;
  const behind = text.slice(pair.end, lineEndAt(text, pair.end));
  if (!startsLine(text, pair) || !/^\s*(?:#|$)/.test(behind)) return [undefined];
  if (comments !== 'own' && !asked.has(pair)) return emptied(written, pair, comments, asked);
  const line = lineStartAt(text, pair.key.start);
  const takes = comments === 'all' || (comments === 'own' && ownsComment(text, line, pair.end));
  const isKept = text[pair.end - 1] === '\n';
  const start = takes ? commentsAbove(text, line) : line;
  return [withoutLines(text, start, isKept ? pair.end : nextLineAt(text, pair.end))];
}

function emptied(
  written: WrittenText,
  pair: WrittenPair,
  comments: RemoveOptions['comments'],
  asked: ReadonlySet<WrittenPair>,
): (Edit | undefined)[] {
  const { text } = written;
  const { flow, pairs } = pair.inner ?? { flow: true, pairs: [] };
  const from = flow ? pair.end : text.indexOf(':', pair.key.end) + 1;
  const comment = /^[^\r\n]*?(?=#)/.exec(text.slice(from))?.[0].length;
  const start = lineStartAt(text, pair.key.start);
  const head =
    comment === undefined
      ? withoutLines(text, start, nextLineAt(text, from))
      : cut(text, pair.key.start, from + comment);
  return [head, ...(flow ? [] : pairs.flatMap((one) => linesOf(written, one, comments, asked)))];
}

function fromFlow(
  { text }: WrittenText,
  { pairs, range }: WrittenMapping,
  gone: ReadonlySet<WrittenPair>,
): (Edit | undefined)[] {
  const lastKept = pairs.findLastIndex((pair) => !gone.has(pair));
  const last = pairs[lastKept];
  if (last === undefined) return [cut(text, range.start + 1, range.end - 1)];
  const before = pairs.slice(0, lastKept).flatMap((pair, index) => {
    if (!gone.has(pair)) return [];
    const next = pairs[index + 1]?.key.start ?? pair.end;
    return [isOnOwnLines(text, pair) ? ownLines(text, pair) : cut(text, pair.key.start, next)];
  });
  const behind = pairs.slice(lastKept + 1);
  const lastGone = behind.at(-1);
  if (lastGone === undefined) return before;
  const comma = commaBehind(text, last);
  if (comma === undefined || !behind.every((pair) => isOnOwnLines(text, pair))) {
    return [...before, cut(text, last.end, lastGone.end)];
  }
  const lines = behind.map((pair) => ownLines(text, pair));
  return [...before, { range: { start: comma, end: comma + 1 }, text: '' }, ...lines];
}

/** Takes a stretch out unless a comment stands in it, which would be lost. */
function cut(text: string, start: number, end: number): Edit | undefined {
  return /(?:^|\s)#/.test(text.slice(start, end).replace(/"(?:\\.|[^"\\])*"|'[^']*'/g, ''))
    ? undefined
    : { range: { start, end }, text: '' };
}

function isOnOwnLines(text: string, pair: WrittenPair): boolean {
  const behind = text.slice(pair.end, lineEndAt(text, pair.end));
  return startsLine(text, pair) && /^\s*,?\s*(?:#.*)?$/.test(behind) && lineStartAt(text, pair.key.start) > 0;
}

function ownLines(text: string, pair: WrittenPair): Edit {
  return { range: { start: lineStartAt(text, pair.key.start), end: nextLineAt(text, pair.end) }, text: '' };
}

function commaBehind(text: string, { end }: WrittenPair): number | undefined {
  const blanks = /^(?:\s|#.*)*/.exec(text.slice(end))?.[0].length ?? 0;
  return text[end + blanks] === ',' ? end + blanks : undefined;
}
