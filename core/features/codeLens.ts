import type { Context } from '../layers/context.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { focusOn } from './focus.ts';
import { type Standing, standings } from './standing.ts';

/**
 * What a line above a key tells: where the value is overridden, or a placeholder given; which layer it overrides;
 * how many other places name the setting.
 */
export const lensKinds = ['overridden', 'overrides', 'references'] as const;

export type LensKind = (typeof lensKinds)[number];

/** A line above a key; its words come with `codeLensText`. */
export interface CodeLens {
  kind: LensKind;
  path: readonly string[];
  /** The key. */
  range: Range;
}

/**
 * The lines above the keys of a layer: the settings that are overridden or override, seen from one app, and all at
 * the top. None in a file that no context loads.
 */
export function codeLenses(model: Model, file: string, chosen: Context | undefined): CodeLens[] {
  const focus = focusOn(model, file, chosen);
  const layer = focus && model.layer(file);
  if (focus === undefined || layer === undefined) return [];
  const lenses: CodeLens[] = [];
  const outer = new Map<string, Standing>();
  for (const one of standings(model, layer, focus).settings) {
    const { path, entry } = one;
    const above = outer.get(JSON.stringify(path.slice(0, -1)));
    const add = (kind: LensKind) => lenses.push({ kind, path, range: entry.keyRange });
    if (tellsMore(one, above)) add('overridden');
    if (one.overrides) add('overrides');
    if (path.length === 1) add('references');
    if (entry.value.kind === 'mapping') outer.set(JSON.stringify(path), withAbove(one, above));
  }
  return lenses;
}

/** Where the mapping around a setting is overridden, all in it is: that is told once. */
function tellsMore({ overridden }: Standing, above: Standing | undefined): boolean {
  return overridden.some((of) => !above?.overridden.includes(of));
}

function withAbove(one: Standing, above: Standing | undefined): Standing {
  return { ...one, overridden: [...new Set([...one.overridden, ...(above?.overridden ?? [])])] };
}
