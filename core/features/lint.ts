import { type Context, contextLabel, sameContext } from '../layers/context.ts';
import { unusedFiles } from '../layers/reachable.ts';
import { layerStem } from '../layers/scheme.ts';
import type { Problem } from '../problem.ts';
import { renderConfiguration, renderPublic } from '../render/render.ts';
import { baseName, joinPath } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import { buildContextsOf, contextsOf, type Workspace } from '../workspace/workspace.ts';

/** A problem with the contexts it holds in; none for one that concerns no context, such as an unused file. */
export interface Finding extends Problem {
  contexts: Context[];
}

/**
 * Every problem of a workspace in every context, each once. Yields after each app, so that a caller can
 * answer others meanwhile or stop.
 * @param apps the apps to look at; all when left out. Unused files are told only then.
 */
export function* lintWorkspace(model: Model, apps?: readonly string[]): Generator<undefined, Finding[]> {
  const findings = new Map<string, Finding>();
  const { workspace } = model;
  for (const one of workspace.problems) add(findings, one);
  for (const app of apps ?? workspace.apps.map((one) => one.name)) {
    for (const of of lintedContexts(model, app)) {
      for (const one of contextProblems(model, of)) add(findings, one, of);
    }
    yield;
  }
  if (workspace.apps.length === 0) {
    for (const one of centralProblems(model)) add(findings, one);
  }
  for (const one of unusedFiles(model)) {
    if (apps === undefined || belongsTo(workspace, one.file, apps)) add(findings, one);
  }
  return [...findings.values()];
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
  const builds = buildContextsOf(workspace, app).filter((of) =>
    model.stack(of).some((layer) => layer.slot.endsWith('-build')),
  );
  return [...contextsOf(workspace, app), ...builds];
}

function contextProblems(model: Model, of: Context): Problem[] {
  const { root, problems } = renderConfiguration(model, of);
  return [...problems, ...(renderPublic(model, of, root)?.problems ?? [])];
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
  if (of && !known.contexts.some((other) => sameContext(of, other))) known.contexts.push(of);
  for (const place of one.related) {
    const same = known.related.some(
      ({ file, range }) => file === place.file && range.start === place.range.start,
    );
    if (!same) known.related = [...known.related, place];
  }
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
  const parts = [...byApp].map(([app, labels]) => {
    const all = lintedContexts(model, app).length;
    return { app, text: labels.length === all && all > 1 ? 'every context' : labels.join(', ') };
  });
  const [first] = parts;
  if (first === undefined) return '';
  const same = parts.every((part) => part.text === first.text);
  if (same && (parts.length === model.workspace.apps.length || parts.length === 1)) {
    return parts.length === 1 && model.workspace.apps.length > 1 ? `${first.app}: ${first.text}` : first.text;
  }
  if (same) return `${parts.map((part) => part.app).join(', ')}: ${first.text}`;
  return parts.map((part) => `${part.app}: ${part.text}`).join('; ');
}
