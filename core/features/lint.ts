import { type Context, contextLabel, sameContext } from '../layers/context.ts';
import { unusedFiles } from '../layers/reachable.ts';
import { layerStem } from '../layers/scheme.ts';
import { stackFiles } from '../layers/stack.ts';
import type { Problem } from '../problem.ts';
import { renderConfiguration, renderPublic } from '../render/render.ts';
import { baseName, joinPath } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import { buildContextsOf, contextsOf, type Workspace } from '../workspace/workspace.ts';
import { environmentGaps, type MergedContext } from './environmentGap.ts';
import { addRelated, type Everywhere, everywhere } from './everywhere.ts';
import { likelyTypos } from './likelyTypo.ts';
import { redundantOverrides } from './redundantOverride.ts';
import { templateUndefined } from './templateUndefined.ts';

/** A problem with the contexts it holds in; none for one that concerns no context, such as an unused file. */
export interface Finding extends Problem {
  contexts: Context[];
}

/**
 * Every problem of a workspace in every context, each once. Yields after each app, so that a caller can
 * answer others meanwhile or stop.
 * @param apps the apps to look at; all when left out. Only then central files are told to be unused, or to hold
 * what is redundant or mistyped for everybody.
 */
export function* lintWorkspace(model: Model, apps?: readonly string[]): Generator<undefined, Finding[]> {
  const findings = new Map<string, Finding>();
  const inAll = everywhere();
  const { workspace } = model;
  for (const one of workspace.problems) add(findings, one);
  for (const app of apps ?? workspace.apps.map((one) => one.name)) {
    lintApp(model, app, findings, inAll);
    yield;
  }
  if (workspace.apps.length === 0) {
    for (const one of centralProblems(model)) add(findings, one);
  }
  const isWhole = ({ file }: Problem) => apps === undefined || belongsTo(workspace, file, apps);
  for (const one of unusedFiles(model).filter(isWhole)) add(findings, one);
  return [...findings.values(), ...inAll.findings().filter(isWhole)];
}

function lintApp(model: Model, app: string, findings: Map<string, Finding>, inAll: Everywhere): void {
  const { workspace } = model;
  const contexts = lintedContexts(model, app);
  const merged = contexts.map((of) => ({ of, ...renderConfiguration(model, of) }));
  for (const { of, root, problems } of merged) {
    for (const one of problems) add(findings, one, of);
    for (const one of renderPublic(model, of, root)?.problems ?? []) add(findings, one, of);
  }
  const layers = new Set(merged.flatMap(({ stack }) => stack.map((one) => one.layer)));
  for (const { of, stack, root } of merged) {
    inAll.add(of, stack, [...redundantOverrides(stack, root), ...likelyTypos(stack, root, layers)]);
  }
  for (const { gap, contexts } of environmentGaps(workspace.scheme, merged)) {
    for (const of of contexts) add(findings, gap, of);
  }
  addTemplates(model, app, merged, findings);
  for (const of of buildContextsOf(workspace, app)) {
    const isLinted = contexts.some((one) => sameContext(one, of));
    if (!isLinted) inAll.confirm(model.stack(of), workspace.merge);
  }
}

function addTemplates(
  model: Model,
  app: string,
  merged: readonly MergedContext[],
  findings: Map<string, Finding>,
): void {
  const own = model.workspace.apps.find(({ name }) => name === app);
  for (const one of own === undefined ? [] : templateUndefined(model, own, merged)) {
    for (const of of one.contexts) add(findings, one.problem, of);
  }
}

/** All findings at once. */
export function lint(model: Model, apps?: readonly string[]): Finding[] {
  const steps = lintWorkspace(model, apps);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The contexts that are linted: all that the app is deployed to, and build mode where some layer is only for
 * builds.
 */
export function lintedContexts(model: Model, app: string): Context[] {
  const { workspace } = model;
  const builds = buildContextsOf(workspace, app);
  const [build] = builds;
  const deployed = contextsOf(workspace, app);
  return build !== undefined && hasBuildLayers(model, build) ? [...deployed, ...builds] : deployed;
}

/** Whether a layer is there that only builds read. Such slots name no environment, so one build tells of all. */
function hasBuildLayers(model: Model, build: Context): boolean {
  const { scheme } = model.workspace;
  const slots = scheme.slots.filter(({ modes }) => modes?.every((mode) => mode === 'build'));
  const alone = { ...model.workspace, scheme: { ...scheme, slots } };
  return stackFiles(alone, build, model.names).length > 0;
}

/** What is wrong with the central layers themselves: all that can be said where no app merges them. */
function centralProblems(model: Model): Problem[] {
  const { configs, scheme } = model.workspace;
  const files = configs.flatMap((folder) => [...model.names(folder)].map((name) => joinPath(folder, name)));
  const layers = files.filter((file) => layerStem(scheme, baseName(file)) !== undefined);
  return layers.flatMap((file) => model.layer(file)?.problems ?? []);
}

function add(findings: Map<string, Finding>, one: Problem, of?: Context): void {
  const key = `${one.file}\n${one.range.start}\n${one.code}\n${one.setting}\n${one.message}`;
  const known = findings.get(key);
  const contexts = of === undefined ? [] : [of];
  if (known === undefined) {
    findings.set(key, { ...one, contexts });
    return;
  }
  // Contexts come one after the other, so a context that is known is the last one.
  if (of && known.contexts.at(-1) !== of) known.contexts.push(of);
  addRelated(known, one);
}

function belongsTo(workspace: Workspace, file: string, apps: readonly string[]): boolean {
  return workspace.apps.some(
    (app) => app.folder !== undefined && apps.includes(app.name) && file.startsWith(`${app.folder}/`),
  );
}

/**
 * Where a finding holds, in words: `every context`, `production/eu`, or per app where apps differ. Empty for
 * one that concerns no context.
 */
export function contextsText(model: Model, finding: Finding): string {
  const byApp = new Map<string, string[]>();
  for (const of of finding.contexts) {
    byApp.set(of.app, [...(byApp.get(of.app) ?? []), contextLabel(of)]);
  }
  const parts = [...byApp].map(([app, labels]) => ({
    app,
    text: isEvery(model, app, labels.length) ? 'every context' : labels.join(', '),
  }));
  const [first] = parts;
  if (first === undefined) return '';
  const same = parts.every((part) => part.text === first.text);
  if (same && (parts.length === model.workspace.apps.length || parts.length === 1)) {
    return parts.length === 1 && model.workspace.apps.length > 1 ? `${first.app}: ${first.text}` : first.text;
  }
  if (same) return `${parts.map((part) => part.app).join(', ')}: ${first.text}`;
  return parts.map((part) => `${part.app}: ${part.text}`).join('; ');
}

function isEvery(model: Model, app: string, count: number): boolean {
  // The look at the files is needed only where the count could be that of all.
  if (count < 2 || count < contextsOf(model.workspace, app).length) return false;
  return count === lintedContexts(model, app).length;
}
