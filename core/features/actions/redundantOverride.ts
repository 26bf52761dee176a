import { cutTo, type Wanted, want } from '../../merge/cut.ts';
import { mergeStack } from '../../merge/merge.ts';
import type { Model } from '../../workspace/model.ts';
import { removePairs } from '../../yaml/edit/removeSetting.ts';
import { allPairs } from '../../yaml/edit/written.ts';
import type { MappingNode } from '../../yaml/tree.ts';
import { redundantOverrides } from '../redundantOverride.ts';
import type { Action, ActionRequest, Change } from './action.ts';
import { guarded } from './guard.ts';
import { inFile, settingOf, writtenLayer } from './place.ts';

/** Takes out what the layers below say already: one setting, or all of a file. */
export function redundantOverrideActions(request: ActionRequest): Action[] {
  const { model, file, problems, only } = request;
  const here = problems.filter(({ code }) => code === 'redundant-override');
  const single = here.flatMap((fixes): Action[] => {
    const path = settingOf(model, file, fixes.range.start)?.path;
    if (path === undefined) return [];
    const change = () => withoutSettings(model, file, [path]);
    return [{ title: 'Remove the redundant setting', kind: 'quickfix', preferred: true, fixes, change }];
  });
  const asksAll = only?.some((kind) => kind.startsWith('source')) ?? false;
  if (single.length === 0 && !asksAll) return [];
  const all = redundantSettings(model, file);
  const title = 'Remove all redundant settings in this file';
  const change = () => withoutSettings(model, file, all);
  if (all.length > 1) single.push({ title, kind: 'quickfix', change });
  if (all.length > 0 && asksAll) single.push({ title, kind: 'source.fixAll.strata', change });
  return single;
}

function withoutSettings(model: Model, file: string, paths: readonly string[][]): Change | undefined {
  const written = writtenLayer(model, file);
  if (written === undefined) return undefined;
  const wanted = new Set(paths.map((path) => JSON.stringify(path)));
  const pairs = [...allPairs(written.root)].filter((pair) => wanted.has(JSON.stringify(pair.path)));
  const edits = pairs.length === paths.length ? removePairs(written, pairs, { comments: 'own' }) : undefined;
  const change = edits && { edits: inFile(file, edits) };
  return guarded(model, change, { paths, keepsConfigurations: true });
}

/** The settings of a file that every context that reads it has below already. */
function redundantSettings(model: Model, file: string): string[][] {
  const layer = model.layer(file);
  if (layer === undefined) return [];
  const wanted = allWanted(layer.root);
  let starts: number[] | undefined;
  for (const stack of stacksUpTo(model, file)) {
    const parts = stack.map((one) => cutTo(one.layer.root, wanted));
    const { root } = mergeStack(stack, model.workspace.merge, parts);
    const found = redundantOverrides(stack, root).filter((one) => one.file === file);
    const here = new Set(found.map((one) => one.range.start));
    starts = starts === undefined ? [...here] : starts.filter((start) => here.has(start));
    if (starts.length === 0) return [];
  }
  const paths = new Map<number, string[]>();
  gatherPaths(layer.root, [], paths);
  return (starts ?? []).flatMap((start) => {
    const path = paths.get(start);
    return path === undefined ? [] : [path];
  });
}

/** The settings by the place of their key; of those that aliases repeat, the first. */
function gatherPaths(mapping: MappingNode, above: string[], paths: Map<number, string[]>): void {
  for (const [key, { keyRange, value, inherited }] of mapping.entries) {
    const path = [...above, key];
    if (value.kind === 'mapping') gatherPaths(value, path, paths);
    else if (!inherited && !paths.has(keyRange.start)) paths.set(keyRange.start, path);
  }
}

/** The layers up to a file in every context that reads it, each order of them once. */
function stacksUpTo(model: Model, file: string) {
  const stacks = new Map<string, ReturnType<Model['stack']>>();
  for (const of of model.readers(file)) {
    const whole = model.stack(of);
    const stack = whole.slice(0, whole.findIndex((one) => one.file === file) + 1);
    const key = stack.map((one) => one.file).join('\n');
    if (!stacks.has(key)) stacks.set(key, stack);
  }
  return stacks.values();
}

function allWanted(root: MappingNode): Wanted {
  const wanted: Wanted = new Map();
  for (const [key, { value }] of root.entries) {
    if (value.kind === 'mapping') wanted.set(key, allWanted(value));
    else want(wanted, [key]);
  }
  return wanted;
}
