import { baseName } from '../text/paths.ts';
import type { LayerFolder } from '../workspace/model.ts';
import { type App, appNamed, buildContextsOf, contextsOf, type Workspace } from '../workspace/workspace.ts';
import type { Context } from './context.ts';
import { layerStem, type SlotPattern } from './scheme.ts';
import { slotName } from './stack.ts';

/**
 * Every context that loads a layer by its place and name, build mode included, in the order of the apps.
 * @param at the folder that it lies in.
 */
export function readersOf(workspace: Workspace, file: string, at: LayerFolder): Context[] {
  const stem = layerStem(workspace.scheme, baseName(file))?.stem;
  if (stem === undefined) return [];
  const patterns = workspace.scheme.slots.filter(({ where }) => where === at.where);
  const apps = at.app === undefined ? appsThatMay(workspace, patterns, stem) : [at.app];
  const isLocal = at.app !== undefined && at.where === 'central';
  return apps.flatMap(({ name }) =>
    [...contextsOf(workspace, name), ...buildContextsOf(workspace, name)].filter((of) => {
      if (isLocal && of.mode === 'deploy') return false;
      return patterns.some((one) => isRead(one, of) && slotName(workspace.scheme, one.name, of) === stem);
    }),
  );
}

/** The one app that loads a layer of a folder, told by its place and name; `undefined` for one that several load. */
export function ownerOf(workspace: Workspace, file: string, at: LayerFolder): string | undefined {
  if (at.app !== undefined) return at.app.name;
  const stem = layerStem(workspace.scheme, baseName(file))?.stem;
  const patterns = workspace.scheme.slots.filter(({ where }) => where === at.where);
  const apps = stem === undefined ? [] : appsThatMay(workspace, patterns, stem);
  return apps.length === 1 ? apps[0]?.name : undefined;
}

function isRead({ modes }: SlotPattern, { mode }: Context): boolean {
  return modes === undefined || modes.includes(mode);
}

/** The apps whose name a central layer's name can begin with; all for those that name no app. */
function appsThatMay(workspace: Workspace, patterns: readonly SlotPattern[], stem: string): App[] {
  const shared = patterns.filter(({ name }) => !name.includes('{app}'));
  if (shared.some(({ name }) => stem.startsWith(name.split('{')[0] ?? ''))) return workspace.apps;
  const heads = [...stem.matchAll(/-/g)].map((dash) => stem.slice(0, dash.index));
  return [...heads, stem].flatMap((head) => appNamed(workspace, head) ?? []);
}
