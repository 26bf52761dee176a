import fs from 'node:fs/promises';
import path from 'node:path';
import { type AppFiles, findSteps } from '../../../core/steps/findSteps.ts';
import {
  noStepSettings,
  readSteps,
  type StepOptions,
  type StepSettings,
} from '../../../core/steps/readSteps.ts';
import { stepNames, stepsFile } from '../../../core/steps/stepNames.ts';
import { lineIndex } from '../../../core/text/lines.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import type { Step } from '../step.ts';
import { readOwned } from './owned.ts';

/** A step that a release wants, with what the app says of it. */
export interface WantedStep {
  step: Step;
  options: StepOptions;
}

/**
 * The steps of a release in their order: those that are done for every app, then those that convention and the app's `deploy/steps.yaml` find
 * in it, and those that only take away what an earlier release put on the box. `refused` with the places of mistakes in that file.
 * @param state where the agent keeps its own.
 */
export async function stepsOf(
  steps: readonly Step[],
  { app, release, state }: { app: string; release: string; state: string },
): Promise<WantedStep[]> {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const isFound = ({ name }: Step) => stepNames.some((one) => one === name);
  const always = steps.filter((step) => !isFound(step)).map((step) => ({ step, options: {} }));
  if (always.length === steps.length) return always;
  const found = findSteps(app, await filesOf(release, app), await settingsOf(release));
  const wanted = found.flatMap(({ name, isOn, options }) => {
    const step = byName.get(name);
    return isOn && step !== undefined ? [{ step, options }] : [];
  });
  const spokenOf = new Set<string>(found.map(({ name }) => name));
  const others = steps.filter((step) => isFound(step) && !spokenOf.has(step.name));
  const owning = await Promise.all(
    others.map(async ({ name }) => (await readOwned(state, app, name)).files.size > 0),
  );
  const left = others.filter((_, index) => owning[index]).map((step) => ({ step, options: {} }));
  return [...always, ...wanted, ...left];
}

/** What a release's own file says of its steps. */
export async function settingsOf(release: string): Promise<StepSettings> {
  const text = await ifThere(fs.readFile(path.join(release, stepsFile), 'utf8'));
  if (text === undefined) return noStepSettings;
  const settings = readSteps(stepsFile, text);
  if (settings.problems.length === 0) return settings;
  const lines = lineIndex(text);
  const told = settings.problems.map(({ range, message }) => {
    const { line, character } = lines.position(range.start);
    return `${stepsFile}:${line + 1}:${character + 1}: ${message}`;
  });
  throw new AgentError('refused', told.join('; '));
}

async function filesOf(release: string, app: string): Promise<AppFiles> {
  const top = await namesBelow(release, '', 0);
  const folders = ['deploy', `${app}/WEB-INF`];
  const deep = await Promise.all(folders.map((folder) => namesBelow(release, folder, mostLevels)));
  const all = new Set([...top, ...deep.flat()]);
  return {
    has: (name) => all.has(name),
    below: (folder) =>
      [...all]
        .filter((name) => name.startsWith(`${folder}/`))
        .map((name) => name.slice(folder.length + 1))
        .sort(),
  };
}

const mostLevels = 16;

/** The files below a folder of a release, by their paths in it. */
async function namesBelow(release: string, folder: string, levels: number): Promise<string[]> {
  const entries = (await ifThere(fs.readdir(path.join(release, folder), { withFileTypes: true }))) ?? [];
  const found = await Promise.all(
    entries.map((entry) => {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return levels > 0 ? namesBelow(release, name, levels - 1) : [];
      return [name];
    }),
  );
  return found.flat();
}
