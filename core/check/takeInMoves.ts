import { unusedFiles } from '../layers/reachable.ts';
import { layerStem } from '../layers/scheme.ts';
import { baseName, joinPath } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { type AppStacks, appStacks, type ContextFiles } from './appStacks.ts';
import type { Finding } from './finding.ts';
import { loadersOf } from './loaders.ts';
import { type CheckState, isLookedAt, replaceFindings, type Step, startState, toldFiles } from './state.ts';
import { forgetOtherSteps, lookAtSteps } from './stepFiles.ts';

/** Files, apps or environments came or went: the apps that load other layers now are to be checked as a whole. */
export function* takeInMoves(state: CheckState, model: Model): Generator<Step, void> {
  if (state.model.store !== model.store) beginAnew(state, model);
  state.model = model;
  const { workspace } = model;
  const layerFiles = model.layerFiles();
  const before = state.stackedFor;
  if (before?.workspace === workspace && before.layerFiles === layerFiles) return;
  const isOther = before !== undefined && !hasSameRules(before.workspace, workspace);
  const stacks = new Map<string, AppStacks>();
  for (const app of workspace.apps.filter(({ name }) => state.only?.has(name) !== false)) {
    const now = appStacks(model, app);
    const was = state.stacks.get(app.name);
    stacks.set(app.name, now);
    if (isOther || was === undefined || !loadsTheSame(was, now)) state.pending.add(app.name);
    lookAtSteps(state, app);
    yield 'stacked';
  }
  for (const app of state.stacks.keys()) if (!stacks.has(app)) forgetApp(state, app);
  state.stacks = stacks;
  forgetOtherSteps(state);
  state.loaders = loadersOf(stacks.values());
  state.hasUnread = true;
  state.stackedFor = { workspace, layerFiles };
  for (const file of state.seen.keys()) if (state.loaders.apps(file).size === 0) forget(state, file);
  touchWords(state, before?.workspace);
  takeInGeneral(state);
}

/** Other layers, in which settings have other numbers: what was known of the old ones says nothing of them. */
function beginAnew(state: CheckState, model: Model): void {
  const told = toldFiles(state);
  const { isIndexed, touched, only } = state;
  Object.assign(state, startState(model, only && [...only]), { isIndexed, touched });
  for (const file of told) touched.add(file);
}

/** What is found may be the same, and is told with the contexts that load a file, and with apps where there are several. */
function touchWords({ broken, told, touched, model }: CheckState, before: Workspace | undefined): void {
  for (const file of broken) touched.add(file);
  if (before?.apps.length === model.workspace.apps.length) return;
  for (const file of told.keys()) touched.add(file);
}

function forgetApp(state: CheckState, app: string): void {
  replaceFindings(state, app, []);
  state.pending.delete(app);
}

function forget({ seen, broken, partial, unmoved, held, touched }: CheckState, file: string): void {
  for (const known of [seen, broken, partial, unmoved, held]) known.delete(file);
  touched.add(file);
}

function hasSameRules(one: Workspace, other: Workspace): boolean {
  return (
    one.yaml === other.yaml &&
    one.merge.lists === other.merge.lists &&
    one.merge.types === other.merge.types &&
    one.scheme === other.scheme
  );
}

function loadsTheSame(one: AppStacks, other: AppStacks): boolean {
  return (
    one.app.folder === other.app.folder &&
    sameContexts(one.checked, other.checked) &&
    sameContexts(one.further, other.further)
  );
}

function sameContexts(some: readonly ContextFiles[], others: readonly ContextFiles[]): boolean {
  const text = (contexts: readonly ContextFiles[]) =>
    JSON.stringify(contexts.map(({ of, files }) => [of, files.map(({ slot, file }) => [slot, file])]));
  return text(some) === text(others);
}

/** What concerns no app: the manifest, and files that none loads. */
export function takeInGeneral(state: CheckState): void {
  for (const { file } of state.general) state.touched.add(file);
  const { model } = state;
  const { workspace } = model;
  const own = [...workspace.problems, ...(workspace.apps.length === 0 ? centralProblems(model) : [])];
  const unused = unusedFiles(model).filter(({ file }) => isLookedAt(state, file));
  state.general = [...own, ...unused].map((one): Finding => ({ ...one, contexts: [] }));
  for (const { file } of state.general) state.touched.add(file);
}

/** What is wrong with the central layers themselves: all that can be said where no app merges them. */
function centralProblems(model: Model): Finding[] {
  const { configs, scheme } = model.workspace;
  const files = configs.flatMap((folder) => [...model.names(folder)].map((name) => joinPath(folder, name)));
  const layers = files.filter((file) => layerStem(scheme, baseName(file)) !== undefined);
  return layers.flatMap((file) =>
    (model.layer(file)?.problems ?? []).map((one) => ({ ...one, contexts: [] })),
  );
}
