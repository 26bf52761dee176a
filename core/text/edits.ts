import type { Range } from './range.ts';

/** A stretch of one text and what takes its place. */
export interface Edit {
  range: Range;
  text: string;
}

/** An edit of one of several files. */
export interface FileEdit extends Edit {
  file: string;
}

/** The text with the edits made. They must not overlap; their order does not matter. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => a.range.start - b.range.start);
  let result = '';
  let done = 0;
  for (const { range, text: inserted } of ordered) {
    result += text.slice(done, range.start) + inserted;
    done = range.end;
  }
  return result + text.slice(done);
}
