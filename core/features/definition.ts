import { type Context, sameContext } from '../layers/context.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { type Explanation, explainSetting } from './explain.ts';
import { focusOn } from './focus.ts';
import { settingAt } from './settingAt.ts';

/** A place that defines a setting. */
export interface Definition {
  file: string;
  /** The key. */
  keyRange: Range;
  /** The key with its value. */
  range: Range;
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
  const layer = model.layer(file);
  const at = layer && settingAt(layer, offset);
  const focus = at && focusOn(model, file, chosen);
  if (at === undefined || focus === undefined) return undefined;
  const others = focus.contexts.filter((of) => !sameContext(of, focus.active));
  const found = [focus.active, ...others].flatMap((of) => definitionsOf(explainSetting(model, of, at.path)));
  const distinct = new Map(found.map((one) => [`${one.file}:${one.keyRange.start}`, one]));
  return { origin: at.keyRange, definitions: [...distinct.values()] };
}

function definitionsOf({ chain, winner }: Explanation): Definition[] {
  const fromHigh = chain.toReversed();
  const first = fromHigh.filter((link) => link.file === winner?.file && link.slot === winner.slot);
  return [...first, ...fromHigh].flatMap(({ file, keyRange, node }) => {
    if (file === '' || keyRange === undefined || node === undefined) return [];
    const range = { start: keyRange.start, end: Math.max(keyRange.end, node.range.end) };
    return [{ file, keyRange, range }];
  });
}
