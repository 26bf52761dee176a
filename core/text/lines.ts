/** A place in a text, counted from 0; `character` in UTF-16 code units, as in LSP and VS Code. */
export interface Position {
  line: number;
  character: number;
}

/** Finds lines and columns of offsets. Lines end as in LSP: `\n`, `\r\n` or a lone `\r`. */
export interface LineIndex {
  position(offset: number): Position;
}

/** Indexes the lines of a text; the work is done at the first question. */
export function lineIndex(text: string): LineIndex {
  let starts: LineStarts | undefined;
  return {
    position(offset) {
      starts ??= lineStarts(text);
      return positionAt(starts, offset);
    },
  };
}

/** Where the lines of a text start: all that is needed to find places in it. */
export type LineStarts = ArrayLike<number>;

/** Finds where the lines of a text start. */
export function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === LF || (unit === CR && text.charCodeAt(at + 1) !== LF)) starts.push(at + 1);
  }
  return starts;
}

const LF = 10;
const CR = 13;

/** The line and column of an offset. */
export function positionAt(starts: LineStarts, offset: number): Position {
  const line = lastAtOrBefore(starts, offset);
  return { line, character: offset - (starts[line] ?? 0) };
}

function lastAtOrBefore(starts: LineStarts, offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
