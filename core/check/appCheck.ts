import { environmentGaps, type MergedContext, type TreeOf } from '../features/environmentGap.ts';
import { likelyTypos } from '../features/likelyTypo.ts';
import { redundantOverrides } from '../features/redundantOverride.ts';
import type { Context } from '../layers/context.ts';
import { mergeStack } from '../merge/merge.ts';
import { missingValues } from '../merge/missing.ts';
import type { EffectiveMapping, StackLayer } from '../merge/setting.ts';
import type { Problem } from '../problem.ts';
import type { MergePolicy, Workspace } from '../workspace/workspace.ts';
import type { AppStacks, ContextFiles } from './appStacks.ts';
import { type Finding, findingKey, type GatheredFinding, joinFinding } from './finding.ts';

/** A problem in some contexts of one app. */
export interface AppFinding extends Finding {
  /** It counts only where it holds for every app that loads the file. */
  everywhere: boolean;
  /** The number of the setting, or of the nearest one above that has a number: what lies in a list has none. */
  settingId?: number;
  /** It is about what stands beside the layers: public settings and the like. */
  isExtra?: true;
}

/** One whose contexts are still being gathered. */
export type GatheredAppFinding = AppFinding & GatheredFinding;

/** What the layers of a stack give together, with what is wrong in them. */
export interface CheckedStack {
  stack: readonly StackLayer[];
  root: EffectiveMapping;
  /** What is wrong in this stack, whatever others say. */
  problems: Problem[];
  /** What may be wrong, if it is so in every stack with the file. */
  candidates: Problem[];
}

/** Merges a stack and looks for problems. */
export function checkStack(
  stack: readonly StackLayer[],
  policy: MergePolicy,
  others: readonly StackLayer['layer'][],
): CheckedStack {
  const { root, problems } = mergeStack(stack, policy);
  return {
    stack,
    root,
    problems: [...problems, ...missingValues(stack, root)],
    candidates: [...redundantOverrides(stack, root), ...likelyTypos(stack, root, others)],
  };
}

/** How the layers of an app are looked at. */
export interface AppView {
  workspace: Workspace;
  stacks: AppStacks;
  /** What a context's layers give, or those of its layers that have a say in what is looked at. */
  check: (context: ContextFiles) => CheckedStack;
  /** Likewise, but looks at some settings alone. */
  checkOnly: (settings: readonly (readonly string[])[]) => (context: ContextFiles) => CheckedStack;
  treeOf: TreeOf;
}

/** The problems of an app in all contexts that are checked, and the merged contexts that they were found in. */
export function checkApp(view: AppView): {
  findings: AppFinding[];
  merged: MergedContext[];
} {
  const { workspace, stacks, check, treeOf } = view;
  const findings = new Map<string, GatheredAppFinding>();
  const candidates = new Map<string, GatheredAppFinding>();
  const merged = stacks.checked.map((context) => {
    const { of, files } = context;
    const { stack, root, problems, candidates: found } = check(context);
    for (const one of problems) addTo(findings, findingKey(one), one, [of]);
    for (const one of found) addTo(candidates, placeKey(one), one, [of]);
    return { of, files, stack, root };
  });
  for (const { problem, contexts } of environmentGaps(workspace.scheme, merged, treeOf)) {
    addTo(findings, findingKey(problem), problem, contexts);
  }
  const sure = holdingEverywhere(view, [...candidates.values()]);
  return { findings: sharingContexts([...findings.values(), ...sure]), merged };
}

/** Many findings hold in the same contexts: one list of them is kept. */
function sharingContexts(findings: readonly AppFinding[]): AppFinding[] {
  const lists: (readonly Context[])[] = [];
  return findings.map((one) => {
    const known = lists.find((list) => isSameList(list, one.contexts));
    if (known === undefined) lists.push(one.contexts);
    return known === undefined ? one : { ...one, contexts: known };
  });
}

function isSameList(one: readonly Context[], other: readonly Context[]): boolean {
  return one.length === other.length && one.every((of, index) => of === other[index]);
}

/** Adds a problem to those that are known, or its contexts to the same one. */
export function addTo(
  findings: Map<string, GatheredAppFinding>,
  key: string,
  one: Problem,
  contexts: readonly Context[],
): void {
  const known = findings.get(key);
  if (known === undefined) findings.set(key, { ...one, contexts: [...contexts], everywhere: false });
  else joinFinding(known, one, contexts);
}

/** The candidates that hold in all contexts of the app which load their file; for redundant ones, builds included. */
function holdingEverywhere(view: AppView, candidates: readonly AppFinding[]): AppFinding[] {
  const { checked, further } = view.stacks;
  const held = candidates.filter(({ contexts, file }) => contexts.length === loading(checked, file).length);
  const redundant = held.filter(({ code }) => code === 'redundant-override');
  const check = view.checkOnly(redundant.flatMap(({ path }) => (path === undefined ? [] : [path])));
  const refuted = new Set(further.flatMap((context) => refutedBy(redundant, context, check)));
  return held.filter((one) => !refuted.has(one)).map((one) => ({ ...one, everywhere: true }));
}

function refutedBy(
  held: readonly AppFinding[],
  context: ContextFiles,
  check: AppView['check'],
): AppFinding[] {
  const here = held.filter(({ file }) => loading([context], file).length > 0);
  if (here.length === 0) return [];
  const there = new Set(check(context).candidates.map(placeKey));
  return here.filter((one) => !there.has(placeKey(one)));
}

function loading(contexts: readonly ContextFiles[], file: string): ContextFiles[] {
  return contexts.filter(({ files }) => files.some((one) => one.file === file));
}

function placeKey({ file, code, range }: Problem): string {
  return `${file}\n${code}\n${range.start}`;
}
