import { stepSettings, stepsApp, stepsFileOf } from '../steps/appSteps.ts';
import type { App } from '../workspace/workspace.ts';
import type { CheckState } from './state.ts';

/** Takes in what is wrong with what an app says of its steps. It concerns no context: the app is deployed with it everywhere. */
export function lookAtSteps({ model, stepFaults, touched }: CheckState, app: App): void {
  const file = stepsFileOf(app);
  if (file === undefined) return;
  const { problems } = stepSettings(model, app);
  if (problems.length === 0 && !stepFaults.has(file)) return;
  touched.add(file);
  const faults = problems.map((one) => ({ ...one, contexts: [] }));
  if (faults.length === 0) stepFaults.delete(file);
  else stepFaults.set(file, faults);
}

/** Forgets the files of apps that are not looked at any more. */
export function forgetOtherSteps({ stepFaults, stacks, touched }: CheckState): void {
  const known = new Set([...stacks.values()].map(({ app }) => stepsFileOf(app)));
  for (const file of stepFaults.keys()) {
    if (known.has(file)) continue;
    stepFaults.delete(file);
    touched.add(file);
  }
}

/** Takes in files that changed, as far as apps speak of their steps in them; the others are left. */
export function takeInSteps(state: CheckState, files: readonly string[]): string[] {
  return files.filter((file) => {
    const app = stepsApp(state.model, file);
    if (app !== undefined && state.stacks.has(app.name)) lookAtSteps(state, app);
    return app === undefined;
  });
}
