import type { Context } from '../layers/context.ts';
import type { Model } from '../workspace/model.ts';
import type { AppFinding } from './appCheck.ts';
import { type Finding, findingKey, type GatheredFinding, joinFinding } from './finding.ts';
import { type CheckState, isLookedAt } from './state.ts';

/** The problems told in a file, those of all apps together, in the order of the file. */
export function fileFindings(state: CheckState, file: string): Finding[] {
  const found = [...ownFindings(state, file), ...appFindings(state, file)];
  const general = state.general.filter((one) => one.file === file);
  const ofSteps = state.stepFaults.get(file) ?? [];
  // Those of one app alone are told apart already.
  const isShared = state.loaders.apps(file).size > 1;
  return [...general, ...ofSteps, ...(isShared ? joined(found) : found)].sort(inOrder);
}

function inOrder(one: Finding, other: Finding): number {
  const byPlace = one.range.start - other.range.start || one.range.end - other.range.end;
  const byWords = compare(one.code, other.code) || compare(one.message, other.message);
  return byPlace || byWords || compare(one.setting, other.setting);
}

function compare(one = '', other = ''): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function joined(findings: readonly Finding[]): Finding[] {
  const known = new Map<string, GatheredFinding>();
  for (const one of findings) {
    const key = findingKey(one);
    const same = known.get(key);
    if (same === undefined) known.set(key, { ...one, contexts: [...one.contexts] });
    else joinFinding(same, one, one.contexts);
  }
  return [...known.values()];
}

/** What is wrong with the layer itself, in every context that loads it. */
function ownFindings({ model, stacks, loaders, broken }: CheckState, file: string): Finding[] {
  if (!broken.has(file)) return [];
  const contexts = appsInOrder(model, loaders.apps(file)).flatMap((app) =>
    (stacks.get(app)?.checked ?? []).flatMap(({ of, files }): Context[] =>
      files.some((one) => one.file === file) ? [of] : [],
    ),
  );
  return (model.layer(file)?.problems ?? []).map((one) => ({ ...one, contexts }));
}

function appFindings(state: CheckState, file: string): Finding[] {
  const { model, told, loaders } = state;
  const byApp = findingsByApp(told.get(file) ?? []);
  const partial = [...state.partial];
  const here = appsInOrder(model, byApp).flatMap((app) => {
    // A layer that could never be read in full would be full of gaps.
    const isPartial = partial.some((one) => loaders.apps(one).has(app));
    return (byApp.get(app) ?? []).filter(({ code }) => !(isPartial && code === 'environment-gap'));
  });
  // Of a file that other apps load as well nobody knows what they have to say.
  const held = isLookedAt(state, file) ? heldByAll(here, loaders.checked(file)) : [];
  return [...here.filter((one) => !one.everywhere), ...held];
}

function findingsByApp(findings: Iterable<AppFinding>): Map<string, AppFinding[]> {
  const byApp = new Map<string, AppFinding[]>();
  for (const one of findings) {
    const app = one.contexts[0]?.app ?? '';
    const known = byApp.get(app);
    if (known === undefined) byApp.set(app, [one]);
    else known.push(one);
  }
  return byApp;
}

/** What holds in every app that loads the file, once. */
function heldByAll(findings: readonly AppFinding[], apps: number): Finding[] {
  const groups = new Map<string, AppFinding[]>();
  for (const one of findings) {
    if (!one.everywhere) continue;
    const key = `${one.code}\n${one.range.start}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups.values()].flatMap((group) => (group.length === apps ? joinedGroup(group) : []));
}

function joinedGroup([first, ...others]: readonly AppFinding[]): Finding[] {
  if (first === undefined) return [];
  const all: GatheredFinding = { ...first, contexts: [...first.contexts] };
  for (const one of others) joinFinding(all, one, one.contexts);
  return [all];
}

/** Apps in the order of the workspace. */
function appsInOrder(
  model: Model,
  apps: Pick<ReadonlyMap<string, unknown>, 'has' | 'keys' | 'size'>,
): string[] {
  if (apps.size < 2) return [...apps.keys()];
  return model.workspace.apps.flatMap(({ name }) => (apps.has(name) ? [name] : []));
}
