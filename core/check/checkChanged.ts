import type { MappingNode } from '../yaml/tree.ts';
import { type AppFinding, checkApp } from './appCheck.ts';
import type { AppStacks } from './appStacks.ts';
import { movePlaces, placeMover } from './movedPlaces.ts';
import { lookAt } from './readAll.ts';
import { difference, idsOf, isInRegion, type Region, regionOf } from './region.ts';
import { regionChecks, type StackChecks } from './stackChecks.ts';
import { type CheckState, replaceFindings, type SeenLayer, type Step } from './state.ts';
import { takeInGeneral } from './takeInMoves.ts';

/** When more files than this changed at once, the apps that load them are checked as a whole. */
const mostAlone = 20;

/** Looks again at what the files that changed can have changed. */
export function* checkChanged(state: CheckState): Generator<Step, void> {
  const { model, loaders, unfinished } = state;
  const changed = [...model.store.takeChanged()];
  // Where no app loads the layers, their own faults are all that is told.
  if (changed.length > 0 && model.workspace.apps.length === 0) takeInGeneral(state);
  const layers = changed.filter((file) => loaders.apps(file).size > 0);
  const others = changed.filter((file) => loaders.apps(file).size === 0);
  for (const app of others.flatMap((file) => appsBeside(state, file))) state.pending.add(app);
  if (layers.length > mostAlone) checkAllOf(state, layers);
  else for (const file of layers) takeIn(state, file);
  // What is told of the files themselves can be shown now.
  state.changed = layers;
  if (layers.length > 0) yield 'changed';
  if (unfinished.apps.size === 0) return;
  const region = regionOf(model.store.paths, unfinished.whole, unfinished.keys);
  const checks = regionChecks(model, region);
  for (const app of unfinished.apps) {
    const stacks = state.stacks.get(app);
    if (stacks !== undefined && !state.pending.has(app)) checkAppRegion(state, stacks, region, checks);
    unfinished.apps.delete(app);
    yield 'checked';
  }
  unfinished.whole.clear();
  unfinished.keys.clear();
}

function checkAllOf(state: CheckState, files: readonly string[]): void {
  for (const file of files) {
    lookAt(state, file);
    for (const app of state.loaders.apps(file)) state.pending.add(app);
  }
}

/** The apps whose folder a file lies in that is no layer: a list of public settings, a template. */
function appsBeside({ stacks }: CheckState, file: string): string[] {
  return [...stacks.values()].flatMap(({ app: { name, folder } }) =>
    folder !== undefined && file.startsWith(`${folder}/`) ? [name] : [],
  );
}

/** Takes in what a file names now, and what that touches. */
function takeIn(state: CheckState, file: string): void {
  const { whole, keys, apps } = state.unfinished;
  const before = state.seen.get(file);
  lookAt(state, file);
  const now = state.seen.get(file);
  const differing = difference(state.model.store.paths, before?.facts, now?.facts);
  for (const path of differing.changed) whole.add(path);
  for (const path of differing.keys) keys.add(path);
  if (before !== undefined && now !== undefined) moveAlong(state, file, before, now);
  state.touched.add(file);
  if (whole.size + keys.size > 0) for (const app of state.loaders.apps(file)) apps.add(app);
}

/** What was told of a setting has to be found out again. */
function lookAgain({ model, unfinished, pendingExtras }: CheckState, finding: AppFinding): void {
  const { code, path = [], isExtra, contexts } = finding;
  if (isExtra) {
    for (const { app } of contexts) pendingExtras.add(app);
    return;
  }
  const ids = idsOf(model.store.paths, path);
  if (code === 'likely-typo') unfinished.keys.add(ids.at(-2) ?? 0);
  const id = ids.at(-1);
  if (id !== undefined) unfinished.whole.add(id);
}

/** What was told with a place in the file stays with its setting; where that is gone, it is found out again. */
function moveAlong(state: CheckState, file: string, before: SeenLayer, now: SeenLayer): void {
  const placed = state.placed.get(file);
  if (placed === undefined || placed.size === 0) return;
  const mover = placeMover(before, now);
  for (const one of placed) {
    const hasMoved = movePlaces(one, file, mover);
    if (hasMoved === undefined) lookAgain(state, one);
    else if (hasMoved) state.touched.add(one.file);
  }
}

function checkAppRegion(state: CheckState, stacks: AppStacks, region: Region, checks: StackChecks): void {
  const { model } = state;
  const { paths } = model.store;
  const check = (context: AppStacks['checked'][number]) => checks.check(stacks, context);
  const { findings } = checkApp({
    workspace: model.workspace,
    stacks,
    check,
    checkOnly: () => check,
    treeOf: (file): MappingNode => model.layer(file)?.root ?? checks.layer(file).root,
  });
  const name = stacks.app.name;
  const known = state.found.get(name) ?? [];
  const fresh = findings.filter((one) => isInRegion(region, paths, one));
  const gone = known.filter((one) => !one.isExtra && isInRegion(region, paths, one));
  if (fresh.length + gone.length > 0) replaceFindings(state, name, fresh, gone);
  if (state.withExtras.has(name)) state.pendingExtras.add(name);
}
