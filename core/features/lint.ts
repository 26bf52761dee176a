import { lintedContexts } from '../check/appStacks.ts';
import { createChecker } from '../check/checker.ts';
import type { Finding } from '../check/finding.ts';
import { contextLabel } from '../layers/context.ts';
import type { Model } from '../workspace/model.ts';
import { contextsOf } from '../workspace/workspace.ts';

export type { Finding } from '../check/finding.ts';

/**
 * Every problem of a workspace in every context, each once. Yields after each app, so that a caller can
 * answer others meanwhile or stop.
 * @param apps the apps to look at; all when left out. Only then central files are told to be unused, or to hold
 * what is redundant or mistyped for everybody.
 */
export function* lintWorkspace(model: Model, apps?: readonly string[]): Generator<undefined, Finding[]> {
  const checker = createChecker(model, apps);
  for (const step of checker.update(model)) if (step === 'checked') yield;
  return checker.files().flatMap((file) => checker.findings(file));
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
 * Where a finding holds, in words: `every context`, `production/eu`, or per app where apps differ. Empty for
 * one that concerns no context.
 * @param checked how many contexts of an app are checked.
 */
export function contextsText(
  model: Model,
  finding: Finding,
  checked: (app: string) => number = (app) => lintedContexts(model, app).length,
): string {
  const byApp = new Map<string, string[]>();
  for (const of of finding.contexts) {
    byApp.set(of.app, [...(byApp.get(of.app) ?? []), contextLabel(of)]);
  }
  const parts = [...byApp].map(([app, labels]) => ({
    app,
    text: isEvery(model, app, labels.length, checked) ? 'every context' : labels.join(', '),
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

function isEvery(model: Model, app: string, count: number, checked: (app: string) => number): boolean {
  // The look at the files is needed only where the count could be that of all.
  if (count < 2 || count < contextsOf(model.workspace, app).length) return false;
  return count === checked(app);
}
