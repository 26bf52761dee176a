import { createChecker } from '../check/checker.ts';
import type { Finding } from '../check/finding.ts';
import type { Model } from '../workspace/model.ts';

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
