import type { Facts } from '../index/facts.ts';
import type { Model } from '../workspace/model.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Layer } from '../yaml/layer.ts';
import type { AppFinding } from './appCheck.ts';
import type { AppStacks } from './appStacks.ts';
import type { Finding } from './finding.ts';
import { type Loaders, loadersOf } from './loaders.ts';

/**
 * What was just done: the stacks of an app put together, a layer read, all of them read for the first time, files that
 * changed taken in, an app checked.
 */
export type Step = 'stacked' | 'read' | 'indexed' | 'changed' | 'checked';

/** What a checker knows. It is whole after each step, so the work can be begun anew at any time. */
export interface CheckState {
  model: Model;
  /** The apps to look at; all when `undefined`. */
  only: ReadonlySet<string> | undefined;
  /** What there was when the stacks were put together. */
  stackedFor: { workspace: Workspace; layerFiles: ReadonlySet<string> } | undefined;
  isIndexed: boolean;
  stacks: Map<string, AppStacks>;
  loaders: Loaders;
  /** Each layer as it was last looked at. */
  seen: Map<string, { layer: Layer; facts: Facts }>;
  /** What was found, by app. */
  found: Map<string, AppFinding[]>;
  /** The apps in which something is told, by file. */
  tellers: Map<string, Set<string>>;
  /** The layers with faults of their own. */
  broken: Set<string>;
  /** What needs no app: the manifest's problems, unused files. */
  general: Finding[];
  /** What changed and has not been looked at in all apps that it concerns. */
  unfinished: { whole: Set<number>; keys: Set<number>; apps: Set<string> };
  /** The apps that are still to be checked as a whole. */
  pending: Set<string>;
  /** The apps that have something beside their layers that is checked. */
  withExtras: Set<string>;
  /** The apps of which what stands beside the layers is still to be checked. */
  pendingExtras: Set<string>;
  touched: Set<string>;
}

export function startState(model: Model, only: readonly string[] | undefined): CheckState {
  return {
    model,
    only: only && new Set(only),
    stackedFor: undefined,
    isIndexed: false,
    stacks: new Map(),
    loaders: loadersOf([]),
    seen: new Map(),
    found: new Map(),
    tellers: new Map(),
    broken: new Set(),
    general: [],
    unfinished: { whole: new Set(), keys: new Set(), apps: new Set() },
    pending: new Set(),
    withExtras: new Set(),
    pendingExtras: new Set(),
    touched: new Set(),
  };
}

/** Puts what was found for an app in place of some of what was known, or of all of it. */
export function replaceFindings(
  state: CheckState,
  app: string,
  fresh: readonly AppFinding[],
  kept: readonly AppFinding[] = [],
): void {
  const { tellers, touched, found } = state;
  const known = found.get(app) ?? [];
  const staying = new Set(kept);
  const gone = known.filter((one) => !staying.has(one));
  if (gone.length === 0 && fresh.length === 0) return;
  const now = [...kept, ...fresh];
  for (const { file } of gone) {
    tellers.get(file)?.delete(app);
    touched.add(file);
  }
  for (const { file } of fresh) touched.add(file);
  for (const { file } of now) {
    const telling = tellers.get(file);
    if (telling === undefined) tellers.set(file, new Set([app]));
    else telling.add(app);
  }
  if (now.length === 0) found.delete(app);
  else found.set(app, now);
}
