import type { Context } from '../layers/context.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { type ChainLink, type Explanation, explainSetting } from './explain.ts';
import { activeFirst } from './focus.ts';
import { subjectAt } from './subject.ts';

/** A place that defines a setting. */
export interface Definition {
  file: string;
  /** The key. */
  keyRange: Range;
  /** The key with its value. */
  range: Range;
  /** A text that only looks like the setting: in code, which is not understood. */
  textMatch?: true;
}

/** The definitions of the setting at a place, and the key that was asked about. */
export interface Definitions {
  origin: Range;
  definitions: Definition[];
}

/**
 * Every layer that defines the setting at a place: the winner of the active context first, then the rest of
 * its chain from high to low precedence, then what other environments add, in the same order.
 */
export function definition(
  model: Model,
  file: string,
  offset: number,
  chosen: Context | undefined,
): Definitions | undefined {
  const subject = subjectAt(model, file, offset, chosen);
  if (subject?.focus === undefined) return undefined;
  const { path, origin, focus } = subject;
  const found = activeFirst(focus).flatMap((of) => definitionsOf(explainSetting(model, of, path)));
  return { origin, definitions: distinct(found) };
}

/** Each place once, where it comes first. */
export function distinct(found: readonly Definition[]): Definition[] {
  return [...new Map(found.map((one) => [`${one.file}:${one.keyRange.start}`, one])).values()];
}

function definitionsOf({ chain, winner }: Explanation): Definition[] {
  const fromHigh = chain.toReversed();
  const first = fromHigh.filter((link) => link.file === winner?.file && link.slot === winner.slot);
  return [...first, ...fromHigh].flatMap((link) => definitionOf(link) ?? []);
}

/** The place of a layer's say; `undefined` for a layer without one, and for what Strata itself says. */
export function definitionOf({ file, keyRange, node }: ChainLink): Definition | undefined {
  if (file === '' || keyRange === undefined || node === undefined) return undefined;
  return { file, keyRange, range: { start: keyRange.start, end: Math.max(keyRange.end, node.range.end) } };
}
