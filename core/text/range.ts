/** A half-open stretch of a text, in UTF-16 code units from its start. */
export interface Range {
  start: number;
  end: number;
}

/** The place of what has no place in a file: the file's first character. */
export const fileStart: Range = { start: 0, end: 0 };

/** Whether the offset lies in the range or right behind its last character (where a cursor can stand). */
export function touches(range: Range, offset: number): boolean {
  return offset >= range.start && offset <= range.end;
}

/** The range without the blanks and line ends at its end, such as a block scalar takes in. */
export function withoutBlankEnd(text: string, { start, end }: Range): Range {
  let last = end;
  while (last > start && /\s/.test(text[last - 1] ?? '')) last--;
  return { start, end: last };
}
