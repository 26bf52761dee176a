import type { Layer } from '../yaml/layer.ts';
import { type CheckedStack, checkApp } from './appCheck.ts';
import type { AppStacks, ContextFiles } from './appStacks.ts';
import { extraFindings, hasExtras } from './extras.ts';
import { useHeld } from './halfTyped.ts';
import { idsOf, regionOf } from './region.ts';
import { regionChecks, type StackChecks, wholeChecks } from './stackChecks.ts';
import { type CheckState, replaceFindings, type Step } from './state.ts';

/** Checks the apps of which everything has to be looked at. */
export function* checkPending(state: CheckState): Generator<Step, void> {
  const shared = new Map<string, Layer>();
  while (state.pending.size > 0) {
    const [app = ''] = state.pending;
    state.pending.delete(app);
    const stacks = state.stacks.get(app);
    if (stacks !== undefined) checkWholeApp(state, stacks, shared);
    yield 'checked';
  }
}

/** @param shared the trees of layers that several apps load, made once for all of them. */
function checksSharing({ model, loaders }: CheckState, shared: Map<string, Layer>): StackChecks {
  return wholeChecks(model, (file) => (loaders.apps(file).size > 1 ? shared : undefined));
}

function checkWholeApp(state: CheckState, stacks: AppStacks, shared: Map<string, Layer>): void {
  const { model } = state;
  useHeld(state, stacks);
  const checks = checksSharing(state, shared);
  const { findings, merged } = checkApp({
    workspace: model.workspace,
    stacks,
    check: (context) => checks.check(stacks, context),
    checkOnly: (settings) => checkOnly(state, stacks, settings),
    treeOf: (file) => checks.layer(file).root,
  });
  const { app } = stacks;
  state.pendingExtras.delete(app.name);
  if (hasExtras(model, app)) state.withExtras.add(app.name);
  else state.withExtras.delete(app.name);
  replaceFindings(state, app.name, [...findings, ...extraFindings(model, app, merged)]);
}

/** Checks what stands beside the layers, in the apps of which some layer changed. */
export function* checkExtras(state: CheckState): Generator<Step, void> {
  const shared = new Map<string, Layer>();
  while (state.pendingExtras.size > 0) {
    const [app = ''] = state.pendingExtras;
    state.pendingExtras.delete(app);
    const stacks = state.stacks.get(app);
    if (stacks === undefined) continue;
    useHeld(state, stacks);
    const checks = checksSharing(state, shared);
    const merged = stacks.checked.map((context) => ({ ...context, ...checks.check(stacks, context) }));
    const gone = (state.found.get(app) ?? []).filter((one) => one.isExtra);
    replaceFindings(state, app, extraFindings(state.model, stacks.app, merged), gone);
    yield 'checked';
  }
}

function checkOnly(
  { model }: CheckState,
  stacks: AppStacks,
  settings: readonly (readonly string[])[],
): (context: ContextFiles) => CheckedStack {
  const { paths } = model.store;
  const region = regionOf(
    paths,
    settings.flatMap((path) => idsOf(paths, path).at(-1) ?? []),
    [],
  );
  const checks = regionChecks(model, region, stacks.files);
  return (context) => checks.check(stacks, context);
}
