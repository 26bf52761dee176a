import type { Problem } from '../problem.ts';
import type { LineIndex } from '../text/lines.ts';
import type { MappingNode } from './tree.ts';

/** One file, read as a layer. */
export interface Layer {
  file: string;
  /** The text that `root` was read from, or for a stale layer the text as it is now. */
  text: string;
  lines: LineIndex;
  /** What the layer says; empty for a file that could not be read. */
  root: MappingNode;
  /** What is wrong with the file itself. */
  problems: Problem[];
  /** The text does not parse, and `root` is what it said when it last did. */
  stale: boolean;
  /** The text was never sound since it was first read, so settings may be missing in `root` that nobody took away. */
  partial?: true;
}
