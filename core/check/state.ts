import type { Model } from '../workspace/model.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Layer } from '../yaml/layer.ts';
import type { AppFinding } from './appCheck.ts';
import type { AppStacks } from './appStacks.ts';
import type { Finding } from './finding.ts';
import type { Held } from './halfTyped.ts';
import { type Loaders, loadersOf } from './loaders.ts';
import type { Unmoved } from './moveAlong.ts';
import type { Places } from './movedPlaces.ts';

/**
 * What was just done: the stacks of an app put together, a layer read, all of them read for the first time, files that
 * changed taken in, an app checked.
 */
export type Step = 'stacked' | 'read' | 'indexed' | 'changed' | 'checked';

/** A layer as it was last looked at. */
export interface SeenLayer extends Places {
  layer: Layer;
}

/** Settings that changed, with all below them, and mappings of which the keys did. */
export interface ChangedSettings {
  whole: Set<number>;
  keys: Set<number>;
}

/** What a checker knows. It is whole after each step, so the work can be begun anew at any time. */
export interface CheckState {
  model: Model;
  /** The apps to look at; all when `undefined`. */
  only: ReadonlySet<string> | undefined;
  /** What there was when the stacks were put together. */
  stackedFor: { workspace: Workspace; layerFiles: ReadonlySet<string> } | undefined;
  isIndexed: boolean;
  /** Some layer of the stacks may not have been looked at yet. */
  hasUnread: boolean;
  stacks: Map<string, AppStacks>;
  loaders: Loaders;
  /** Each layer as it was last looked at. */
  seen: Map<string, SeenLayer>;
  /** What was found, by app. */
  found: Map<string, AppFinding[]>;
  /** The same by file. */
  told: Map<string, Set<AppFinding>>;
  /** What is told in other files and has a related place in a file, which is right. */
  related: Map<string, Set<AppFinding>>;
  /** Likewise where the file changed, and the place is still to be moved. */
  unmoved: Map<string, Unmoved[]>;
  /** The layers with faults of their own. */
  broken: Set<string>;
  /** The layers that may lack settings, since they could never be read in full. */
  partial: Set<string>;
  /** What needs no app: the manifest's problems, unused files. */
  general: Finding[];
  /** What is wrong with what apps say of their steps, by file. */
  stepFaults: Map<string, Finding[]>;
  /** What changed and has not been looked at in all apps that it concerns. */
  unfinished: ChangedSettings & { apps: Set<string> };
  /** What changed in files that do not parse just now: it is looked at when they do. */
  held: Map<string, Held>;
  /** The apps that are still to be checked as a whole. */
  pending: Set<string>;
  /** The apps that have something beside their layers that is checked. */
  withExtras: Set<string>;
  /** The apps of which what stands beside the layers is still to be checked. */
  pendingExtras: Set<string>;
  touched: Set<string>;
  /** The files that changed last: what is told of them is wanted first. */
  changed: readonly string[];
}

export function startState(model: Model, only: readonly string[] | undefined): CheckState {
  return {
    model,
    only: only && new Set(only),
    stackedFor: undefined,
    isIndexed: false,
    hasUnread: true,
    stacks: new Map(),
    loaders: loadersOf([]),
    seen: new Map(),
    found: new Map(),
    told: new Map(),
    related: new Map(),
    unmoved: new Map(),
    broken: new Set(),
    partial: new Set(),
    general: [],
    stepFaults: new Map(),
    unfinished: { whole: new Set(), keys: new Set(), apps: new Set() },
    held: new Map(),
    pending: new Set(),
    withExtras: new Set(),
    pendingExtras: new Set(),
    touched: new Set(),
    changed: [],
  };
}

/** Puts what was found for an app in place of some of what was known, or of all of it. */
export function replaceFindings(
  state: CheckState,
  app: string,
  fresh: readonly AppFinding[],
  gone: readonly AppFinding[] = state.found.get(app) ?? [],
): void {
  const { touched, found } = state;
  const leaving = new Set(gone);
  const now = [...(found.get(app) ?? []).filter((one) => !leaving.has(one)), ...fresh];
  for (const one of gone) {
    touched.add(one.file);
    takeBack(state, one);
  }
  for (const one of fresh) {
    touched.add(one.file);
    tell(state, one);
  }
  if (now.length === 0) found.delete(app);
  else found.set(app, now);
}

function takeBack({ told, related, unmoved }: CheckState, one: AppFinding): void {
  takeFrom(told, one.file, one);
  for (const { file } of one.related) {
    takeFrom(related, file, one);
    for (const { findings } of unmoved.get(file) ?? []) findings.delete(one);
  }
}

function takeFrom(findings: Map<string, Set<AppFinding>>, file: string, one: AppFinding): void {
  const here = findings.get(file);
  here?.delete(one);
  if (here?.size === 0) findings.delete(file);
}

function tell({ told, related }: CheckState, one: AppFinding): void {
  addTo(told, one.file, one);
  for (const { file } of one.related) if (file !== one.file) addTo(related, file, one);
}

/** Adds a finding to those of a file. */
export function addTo(findings: Map<string, Set<AppFinding>>, file: string, one: AppFinding): void {
  const known = findings.get(file);
  if (known === undefined) findings.set(file, new Set([one]));
  else known.add(one);
}

/** Every file that something is told in. */
export function toldFiles({ told, broken, general, stepFaults }: CheckState): Set<string> {
  return new Set([...told.keys(), ...broken, ...general.map(({ file }) => file), ...stepFaults.keys()]);
}

/** Whether a file is one of the apps' own that are looked at, where the check is restricted to some. */
export function isLookedAt({ model, only }: CheckState, file: string): boolean {
  if (only === undefined) return true;
  return model.workspace.apps.some(
    ({ name, folder }) => folder !== undefined && only.has(name) && file.startsWith(`${folder}/`),
  );
}
