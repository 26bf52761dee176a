import type { Edit } from '../../text/edits.ts';
import { indentAt, lineEndAt, lineStartAt, nextLineAt } from '../../text/lineEnds.ts';

/**
 * Where the comment lines start that stand directly above a line, as far in as it; the line's own start when there are
 * none. A comment at the very top of a file is taken to be about the file.
 */
export function commentsAbove(text: string, lineStart: number): number {
  const indent = indentAt(text, lineStart);
  let start = lineStart;
  while (start > 0) {
    const line = lineStartAt(text, start - 1);
    if (indentAt(text, line) !== indent || text[line + indent.length] !== '#') return start;
    start = line;
  }
  return lineStart;
}

/**
 * Whether the comment above a line is about that alone which ends at an offset: nothing that it might be about as
 * well follows right below.
 */
export function ownsComment(text: string, lineStart: number, end: number): boolean {
  const next = nextLineAt(text, end);
  if (/^\s*(?:#|$)/.test(text.slice(next, lineEndAt(text, next)))) return true;
  return indentAt(text, next).length < indentAt(text, lineStart).length;
}

/** Takes whole lines out. A text without a line break at its end stays without one. */
export function withoutLines(text: string, start: number, end: number): Edit {
  const isLast = end === text.length && !text.endsWith('\n');
  const breakBefore = isLast ? (/\r?\n$/.exec(text.slice(0, start))?.[0].length ?? 0) : 0;
  return { range: { start: start - breakBefore, end }, text: '' };
}
