import type { CheckState, Step } from './state.ts';

/** Reads the layers that nobody has looked at yet, those of one app after the other. */
export function* readAll(state: CheckState): Generator<Step, void> {
  const { seen, stacks } = state;
  if (!state.hasUnread) return;
  for (const { files } of stacks.values()) {
    for (const file of files) {
      if (seen.has(file)) continue;
      lookAt(state, file);
      yield 'read';
    }
  }
  state.hasUnread = false;
  if (state.isIndexed) return;
  state.isIndexed = true;
  yield 'indexed';
}

/** Takes in what a layer names now, and whether it has faults of its own. */
export function lookAt(state: CheckState, file: string): void {
  const { model, seen, broken, partial, touched } = state;
  const facts = model.store.facts(file);
  const layer = model.layer(file);
  const lines = model.store.lines(file);
  if (facts === undefined || layer === undefined || lines === undefined) seen.delete(file);
  else seen.set(file, { layer, facts, lines });
  const isBroken = layer !== undefined && layer.problems.length > 0;
  if (isBroken || broken.has(file)) touched.add(file);
  if (isBroken) broken.add(file);
  else broken.delete(file);
  const isPartial = layer?.partial ?? false;
  if (isPartial === partial.has(file)) return;
  if (isPartial) partial.add(file);
  else partial.delete(file);
  touchGaps(state, file);
}

/** Gaps are told only of apps whose layers could all be read in full. */
function touchGaps({ loaders, found, touched }: CheckState, partial: string): void {
  for (const app of loaders.apps(partial)) {
    for (const { code, file } of found.get(app) ?? []) if (code === 'environment-gap') touched.add(file);
  }
}
