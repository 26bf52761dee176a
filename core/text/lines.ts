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
  let starts: number[] | undefined;
  return {
    position(offset) {
      starts ??= lineStarts(text);
      const line = lastAtOrBefore(starts, offset);
      return { line, character: offset - (starts[line] ?? 0) };
    },
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (const end of text.matchAll(/\r\n|\n|\r/g)) starts.push(end.index + end[0].length);
  return starts;
}

function lastAtOrBefore(starts: number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
