import { appFiles, stepSettings, stepsFileOf } from '../steps/appSteps.ts';
import { findSteps, foundBy, orderedSteps, soughtBy } from '../steps/findSteps.ts';
import type { StepOptions } from '../steps/readSteps.ts';
import { type StepName, stepsFile, systemSteps } from '../steps/stepNames.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { type App, contextsOf } from '../workspace/workspace.ts';
import { explainSetting } from './explain.ts';

/** Whether a step is done for an app, and why. */
export interface ExplainedStep {
  name: StepName;
  isOn: boolean;
  /** What decides it: the app's files, its settings, or its `deploy/steps.yaml`. */
  by: 'convention' | 'setting' | 'file';
  /** What was found or said, or what is not there, for a person. */
  why: string;
  /** What convention or a setting finds of it, be it done or not. */
  found: string | undefined;
  /** Where `deploy/steps.yaml` speaks of it. */
  place: { file: string; range: Range } | undefined;
  options: StepOptions;
  /** It is done only on boxes that let their agent change what the system runs. */
  needsSystem: boolean;
}

/** Every step for an app, in the order in which they would be done: those that are done, and those that are not. */
export function explainSteps(model: Model, app: App): ExplainedStep[] {
  const settings = stepSettings(model, app);
  const files = appFiles(model, app);
  const wanted = new Map(findSteps(app.name, files, settings).map((one) => [one.name, one]));
  const file = stepsFileOf(app) ?? '';
  return orderedSteps(settings.order).map((name): ExplainedStep => {
    const step = wanted.get(name);
    const inFiles = foundBy(name, app.name, files);
    const found = inFiles ?? settingOf(model, app, name);
    const range = settings.places.get(name);
    const common = {
      ...{ name, found, options: step?.options ?? {}, needsSystem: systemSteps.has(name) },
      place: range && { file, range },
    };
    if (step !== undefined) {
      return { ...common, isOn: step.isOn, by: step.isOn && inFiles ? 'convention' : 'file', why: step.why };
    }
    if (found !== undefined) return { ...common, isOn: true, by: 'setting', why: found };
    return { ...common, isOn: false, by: 'convention', why: lackOf(name, app) };
  });
}

/** The setting of an app that stands for a step, with the environments that have it where not all do. */
function settingOf(model: Model, app: App, name: StepName): string | undefined {
  if (name !== 'health') return undefined;
  const contexts = contextsOf(model.workspace, app.name);
  const having = contexts.filter((of) => {
    const { value } = explainSetting(model, of, [app.name, 'healthcheck']);
    return value !== undefined && value.kind !== 'null';
  });
  if (having.length === 0) return undefined;
  const names = [...new Set(having.map((of) => of.environment))];
  const where = having.length === contexts.length ? '' : ` in ${names.join(', ')}`;
  return `the setting ${app.name}.healthcheck${where}`;
}

function lackOf(name: StepName, app: App): string {
  if (name === 'health') return `no setting ${app.name}.healthcheck, and ${stepsFile} does not ask for it`;
  const sought = soughtBy(name, app.name);
  if (sought === undefined) return `${stepsFile} does not ask for it`;
  if (name === 'templates') return `no file in ${sought} that is not another step's`;
  return sought.endsWith('/') ? `no file in ${sought}` : `no ${sought}`;
}

/** Why a step is not done, for a table. */
export function lackText({ by, why, found }: ExplainedStep): string {
  if (by !== 'file') return why;
  return found === undefined ? 'left out' : `left out, in spite of ${found}`;
}

/** The same in a sentence or two. */
export function stepSentence({ isOn, by, why, found, needsSystem }: ExplainedStep): string {
  const done = isOn ? doneSentence(by, why) : notDoneSentence(by, why, found);
  const where = 'On boxes alone that let their agent change what the system runs (`steps.system`).';
  return isOn && needsSystem ? `${done} ${where}` : done;
}

function doneSentence(by: ExplainedStep['by'], why: string): string {
  if (by === 'file') return 'Done in this app, since this file asks for it.';
  return why === 'always' ? 'Done in every app.' : `Done in this app: ${why}.`;
}

function notDoneSentence(by: ExplainedStep['by'], why: string, found: string | undefined): string {
  if (by === 'convention') return `Not done in this app: ${why}.`;
  return found === undefined ? 'Left out by this file.' : `Left out by this file, in spite of ${found}.`;
}
