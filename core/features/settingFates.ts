import type { Context } from '../layers/context.ts';
import { sameContext } from '../layers/context.ts';
import { cutTo, type Wanted, want } from '../merge/cut.ts';
import { mergeStack } from '../merge/merge.ts';
import { settingAtPath } from '../merge/resolve.ts';
import type { Model } from '../workspace/model.ts';
import type { Layer } from '../yaml/layer.ts';
import type { Entry } from '../yaml/tree.ts';
import { focusOn } from './focus.ts';
import { overriddenBy, type Standing, standings } from './standing.ts';

/**
 * What a setting's value is where it does not count: `overridden` in the active context, `dead` in every context
 * that reads the file, or in a file that none reads.
 */
export const tokenModifiers = ['overridden', 'dead'] as const;

export type TokenModifier = (typeof tokenModifiers)[number];

const counts: readonly TokenModifier[] = [];
const overridden: readonly TokenModifier[] = ['overridden'];
const dead: readonly TokenModifier[] = ['dead'];

/** Tells of the settings of a layer whether they count. A placeholder that is given has done its work and counts. */
export function settingFates(
  model: Model,
  layer: Layer,
  chosen: Context | undefined,
): (entry: Entry) => readonly TokenModifier[] {
  const focus = focusOn(model, layer.file, chosen);
  if (focus === undefined) return () => dead;
  const { contexts, settings } = standings(model, layer, focus);
  const losing = settings.filter((one) => one.overridden.length > 0 && one.entry.value.kind !== 'missing');
  const lostEverywhere = losing.filter((one) => one.overridden.length === contexts.length && !one.anchored);
  const isDead = new Set(overriddenForAllApps(model, layer, lostEverywhere).map((one) => one.entry));
  const isActive = (of: Context) => sameContext(of, focus.active);
  const isOverridden = new Set(losing.filter((one) => one.overridden.some(isActive)).map((one) => one.entry));
  return (entry) => (isDead.has(entry) ? dead : isOverridden.has(entry) ? overridden : counts);
}

/**
 * Those settings that no app gets. What more layers say can only override more, so it is enough to look at the
 * layers that apps share, once for each environment and cluster: an app's own and those for builds need not be read.
 */
function overriddenForAllApps(model: Model, layer: Layer, settings: readonly Standing[]): Standing[] {
  const readers = model.readers(layer.file);
  const isShared = readers.some((of) => of.app !== readers[0]?.app);
  if (!isShared || settings.length === 0) return [...settings];
  const wanted: Wanted = new Map();
  for (const { path } of settings) want(wanted, path);
  const deployed = readers.filter((of) => of.mode !== 'build');
  const looked = deployed.length > 0 ? deployed : readers;
  const places = new Map(looked.map((of) => [`${of.environment}/${of.cluster}`, of]));
  return [...places.values()].reduce(
    (left, of) => (left.length === 0 ? left : stillOverridden(model, layer, of, left, wanted)),
    [...settings],
  );
}

function stillOverridden(
  model: Model,
  layer: Layer,
  of: Context,
  settings: readonly Standing[],
  wanted: Wanted,
): Standing[] {
  const own = new Set(model.ownFiles(of.app));
  const stack = model.stack(of).filter((one) => !own.has(one.file));
  const parts = stack.map((one) => cutTo(one.layer.root, wanted));
  const { root } = mergeStack(stack, model.workspace.merge, parts);
  const index = stack.findIndex((one) => one.file === layer.file);
  return settings.filter(({ path }) => {
    const says = settingAtPath(root.entries, path)?.says ?? [];
    const mine = says.findIndex((say) => say.layer === index);
    return overriddenBy(says, mine) !== undefined;
  });
}
