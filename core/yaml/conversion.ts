import { problem } from '../problem.ts';
import type { Range } from '../text/range.ts';
import type { Report } from './report.ts';
import type { LayerNode } from './tree.ts';

/** How many levels deep values may be nested, by whatever means: brackets, dotted keys, aliases. */
export const maxDepth = 200;

export interface ConvertOptions {
  /** Whether `db.host` is short for `host` in `db`, as it is in layers. */
  dottedKeys: boolean;
}

/** How layers are read. */
export const layerOptions: ConvertOptions = { dottedKeys: true };

/** What is known while one document is being turned into a tree. */
export interface Conversion extends Report {
  text: string;
  /** What each anchor so far stands for; `undefined` while the node itself is still being read. */
  anchors: Map<string, Anchored | undefined>;
  /** How many values have been read, those that aliases stand for included. */
  values: number;
  aliasedValues: number;
  /** The level of the node that is being read, and the deepest one below the innermost anchor. */
  depth: number;
  deepest: number;
  dottedKeys: boolean;
}

/** The last node of an anchor, with its size. */
export interface Anchored {
  node: LayerNode;
  values: number;
  height: number;
}

/** The beginning of reading one document. */
export function startConversion(file: string, text: string, options: ConvertOptions): Conversion {
  const counts = { values: 0, aliasedValues: 0, depth: 0, deepest: 0 };
  return { file, text, problems: [], anchors: new Map(), ...counts, ...options };
}

/** How many values a long text counts for, besides itself. */
export function textWeight({ start, end }: Range): number {
  return Math.floor((end - start) / 100);
}

/** Reads what lies some levels further down. */
export function deeper<T>(work: Conversion, levels: number, read: () => T): T {
  work.depth += levels;
  work.deepest = Math.max(work.deepest, work.depth);
  const result = read();
  work.depth -= levels;
  return result;
}

/** What is said of a value below the last level. */
export const tooDeep: string = `nested more than ${maxDepth} levels deep`;

/** A problem in place of a value. */
export function refuse(work: Conversion, range: Range, message: string): LayerNode {
  work.problems.push(problem('yaml-syntax', { file: work.file, range }, message));
  return nothing(range);
}

/** What counts where a value cannot. */
export function nothing(range: Range): LayerNode {
  return { kind: 'null', value: null, range };
}
