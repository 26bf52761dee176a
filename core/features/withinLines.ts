import type { Range } from '../text/range.ts';

/** A stretch of a text cut into what it has on each line, without the blanks around that. */
export function withinLines(text: string, { start, end }: Range): Range[] {
  const pieces = text.slice(start, end).matchAll(/[^\r\n]+/g);
  return [...pieces].flatMap(({ 0: piece, index }) => {
    const shown = piece.trim();
    if (shown === '') return [];
    const from = start + index + piece.indexOf(shown);
    return [{ start: from, end: from + shown.length }];
  });
}
