import type { Edit } from '../../text/edits.ts';
import { lineEndAt, lineStartAt, nextLineAt } from '../../text/lineEnds.ts';
import type { Range } from '../../text/range.ts';
import { commentsAbove, ownsComment, withoutLines } from './comments.ts';

/** The edit that takes one word out of a list, with the comment lines above that are about it alone. */
export function removeItem(text: string, range: Range): Edit | undefined {
  const lineStart = lineStartAt(text, range.start);
  const before = text.slice(lineStart, range.start);
  const behind = text.slice(range.end, lineEndAt(text, range.end));
  if (/^ *- +$/.test(before) && /^\s*(?:#.*)?$/.test(behind)) return removeLine(text, lineStart, range.end);
  const comma = /^\s*,[ \t]*/.exec(text.slice(range.end))?.[0].length;
  if (comma !== undefined) return { range: { start: range.start, end: range.end + comma }, text: '' };
  const lead = /,\s*$/.exec(text.slice(0, range.start))?.[0].length ?? 0;
  const isAlone = /\[\s*$/.test(text.slice(0, range.start));
  if (lead === 0 && !isAlone) return undefined;
  return { range: { start: range.start - lead, end: range.end }, text: '' };
}

function removeLine(text: string, lineStart: number, valueEnd: number): Edit {
  const start = ownsComment(text, lineStart, valueEnd) ? commentsAbove(text, lineStart) : lineStart;
  return withoutLines(text, start, nextLineAt(text, valueEnd));
}
