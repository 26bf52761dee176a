import type { MappingNode } from '../yaml/tree.ts';
import { type AppFinding, checkApp } from './appCheck.ts';
import type { AppStacks } from './appStacks.ts';
import { isSameFinding } from './finding.ts';
import { isHalfTyped, noteChanged, useHeld } from './halfTyped.ts';
import { moveOthers, moveOwn } from './moveAlong.ts';
import { lookAt } from './readAll.ts';
import { isInRegion, type Region, regionOf } from './region.ts';
import { regionChecks, type StackChecks } from './stackChecks.ts';
import { type CheckState, replaceFindings, type SeenLayer, type Step } from './state.ts';
import { takeInSteps } from './stepFiles.ts';
import { takeInGeneral } from './takeInMoves.ts';

/** When more files than this changed at once, the apps that load them are checked as a whole. */
const mostAlone = 20;

/** Looks again at what the files that changed can have changed. */
export function* checkChanged(state: CheckState): Generator<Step, void> {
  const { model, loaders, unfinished } = state;
  const changed = [...model.store.takeChanged(model.layerFiles())];
  // Where no app loads the layers, their own faults are all that is told.
  if (changed.length > 0 && model.workspace.apps.length === 0) takeInGeneral(state);
  const layers = changed.filter((file) => loaders.apps(file).size > 0);
  const others = takeInSteps(
    state,
    changed.filter((file) => loaders.apps(file).size === 0),
  );
  for (const app of others.flatMap((file) => appsBeside(state, file))) state.pending.add(app);
  if (layers.length > mostAlone) checkAllOf(state, layers);
  else for (const file of layers) takeIn(state, file);
  // What is told of the files themselves can be shown now.
  state.changed = layers;
  if (layers.length > 0) yield 'changed';
  yield* moveOthers(state, (file) => checkLoaders(state, file));
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
  const before = state.seen.get(file);
  const wasHalfTyped = isHalfTyped(state, file);
  lookAt(state, file);
  const now = state.seen.get(file);
  noteChanged(state, file, before?.facts, now?.facts);
  if (before !== undefined && now !== undefined) moveOwn(state, file, { ...before, wasHalfTyped }, now);
  state.touched.add(file);
  checkLoaders(state, file);
  if (isFaulty(before) || isFaulty(now)) checkBeside(state, file);
}

function isFaulty(seen: SeenLayer | undefined): boolean {
  return seen !== undefined && seen.layer.problems.length > 0;
}

/** What stands beside the layers is told only in contexts of which all layers could be read. */
function checkBeside(state: CheckState, file: string): void {
  const { loaders, withExtras, pendingExtras } = state;
  if (isHalfTyped(state, file)) return;
  for (const app of loaders.apps(file)) if (withExtras.has(app)) pendingExtras.add(app);
}

/** The apps that load a file that changed are those in which something may be other than before. */
function checkLoaders({ unfinished: { whole, keys, apps }, loaders }: CheckState, file: string): void {
  if (whole.size + keys.size > 0) for (const app of loaders.apps(file)) apps.add(app);
}

function isSameTelling(one: AppFinding, other: AppFinding): boolean {
  return one.everywhere === other.everywhere && isSameFinding(one, other);
}

function checkAppRegion(state: CheckState, stacks: AppStacks, region: Region, checks: StackChecks): void {
  const { model } = state;
  const { paths } = model.store;
  useHeld(state, stacks);
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
  const told = known.filter((one) => !one.isExtra && isInRegion(region, paths, one));
  const found = findings.filter((one) => isInRegion(region, paths, one));
  // Most of what is looked at again is as it was.
  const gone = told.filter((one) => !found.some((other) => isSameTelling(one, other)));
  const fresh = found.filter((one) => !told.some((other) => isSameTelling(one, other)));
  if (fresh.length + gone.length > 0) replaceFindings(state, name, fresh, gone);
  if (state.withExtras.has(name)) state.pendingExtras.add(name);
}
