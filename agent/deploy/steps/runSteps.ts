import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../../artifact/syncFolder.ts';
import type { StepOptions } from '../../../core/steps/readSteps.ts';
import { configurationName, readConfiguration, textOf } from '../../configuration/files.ts';
import { ifThere, readJson, writeLasting } from '../../releases/lasting.ts';
import { hideSecrets } from '../appHook.ts';
import { asAgentError } from '../failures.ts';
import type { StepWork } from '../step.ts';
import { releaseFolder, say, stepsFolder, type Work } from '../work.ts';
import { commandAsker, commandRunner } from './commands.ts';
import { readOwned } from './owned.ts';
import { restoreSideFiles, sideFiles } from './sideFiles.ts';
import { stepsOf, type WantedStep } from './stepsOf.ts';

/** Does one part of all steps that the app wants, in their order; each is put down before it begins. */
export async function runSteps(
  work: Work,
  part: 'prepare' | 'deployed' | 'watched',
  release: string,
  signal: AbortSignal = work.signal,
): Promise<void> {
  const { app } = work.record;
  for (const wanted of await stepsOf(work.box.options.steps ?? [], { app, release, state: work.box.state })) {
    const { step } = wanted;
    if (step[part] === undefined) continue;
    const folder = await folderOf(work, step.name);
    // A step may depend on the configuration that the one before rendered.
    const stepWork = await workOf(work, wanted, { release, folder, signal });
    if (step.applies?.(stepWork) === false) continue;
    await begin(folder, wanted.options);
    await step[part](stepWork);
  }
}

/** Has all steps that were begun do what is left to do behind the last check. Their failures are told, and change nothing. */
export async function settleSteps(work: Work, release: string): Promise<void> {
  for (const name of await begunFolders(work)) {
    const stepName = name.slice(name.indexOf('-') + 1);
    const step = work.box.options.steps?.find((one) => one.name === stepName);
    if (step?.settled === undefined) continue;
    try {
      const folder = path.join(stepsFolder(work), name);
      const options = await begunOptions(folder);
      await step.settled(await workOf(work, { step, options }, { release, folder, signal: work.signal }));
    } catch (error) {
      say(work, stepName, `not all of it could be settled: ${asAgentError(error).message}`, 'stderr');
    }
  }
}

/**
 * Takes back what the steps that were begun changed outside of the release, the last one first. All of them are asked, whatever fails.
 * @returns what failed, in words.
 */
export async function restoreSteps(work: Work, release: string): Promise<string[]> {
  // What is put back needs room, and so does a hook behind it.
  await work.box.reserve.giveUpIfScarce().catch(() => undefined);
  const failures: string[] = [];
  for (const name of (await begunFolders(work)).reverse()) {
    const stepName = name.slice(name.indexOf('-') + 1);
    try {
      await restoreStep(work, stepName, path.join(stepsFolder(work), name), release);
    } catch (error) {
      failures.push(`${stepName} could not be restored: ${asAgentError(error).message}`);
    }
  }
  return failures;
}

async function restoreStep(work: Work, name: string, folder: string, release: string): Promise<void> {
  const step = work.box.options.steps?.find((one) => one.name === name);
  const options = await begunOptions(folder);
  const { signal } = new AbortController();
  const again = async (part: 'withdraw' | 'restore') =>
    await step?.[part]?.(await workOf(work, { step, options }, { release, folder, signal }));
  // What cannot be withdrawn keeps no file from being put back.
  const failures: unknown[] = [];
  for (const undo of [() => again('withdraw'), () => restoreSideFiles(folder), () => again('restore')])
    await undo().catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new Error(failures.map((one) => asAgentError(one).message).join('; '));
}

/** Beside what is kept of files, whose names are numbers. */
const factsName = 'facts';
const optionsName = 'options';

interface Place {
  release: string;
  /** What of the box a step changed is kept there. */
  folder: string;
  signal: AbortSignal;
}

async function workOf(work: Work, { step, options }: WantedStep, place: Place): Promise<StepWork> {
  const { release, folder, signal } = place;
  // What a step tells must not have them, also in a later life of the agent.
  await hideSecrets(work, release);
  const { app, version, swing, id } = work.record;
  const live = swing?.live ?? undefined;
  return {
    ...{ id, app, version, release, options, signal },
    channel: work.record.channel,
    metadata: work.metadata ?? {},
    previous: live === undefined ? undefined : releaseFolder(work, live),
    config: await readConfiguration(release),
    configText: (await textOf(path.join(release, configurationName))) ?? '{}',
    configs: work.record.request.configs,
    environment: work.settings.environment,
    cluster: work.settings.cluster,
    root: work.box.options.root,
    user: work.settings.user,
    isPlanned: work.record.request.plan !== undefined,
    owned: await readOwned(work.box.state, app, step.name),
    side: sideFiles(folder),
    keep: (facts) => writeLasting(path.join(folder, factsName), JSON.stringify(facts)),
    kept: () => readJson(path.join(folder, factsName)),
    ask: commandAsker(work, step.name, release, signal),
    run: commandRunner(work, step.name, release, signal),
    log: (text, stream) => say(work, step.name, text, stream),
    mask: (secret) => work.mask.add(secret),
  };
}

/** The folder of a step in this deployment, whose name says when it was begun. */
async function folderOf(work: Work, step: string): Promise<string> {
  const begun = await begunFolders(work);
  const known = begun.find((name) => name.slice(name.indexOf('-') + 1) === step);
  return path.join(stepsFolder(work), known ?? `${String(begun.length + 1).padStart(2, '0')}-${step}`);
}

async function begunFolders(work: Work): Promise<string[]> {
  return ((await ifThere(fs.readdir(stepsFolder(work)))) ?? []).sort();
}

/**
 * A step that was begun is taken back where the deployment is, also by another life of the agent, and by then the release that has its
 * options may be gone.
 */
async function begin(folder: string, options: StepOptions): Promise<void> {
  const isNew = await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  await writeLasting(path.join(folder, optionsName), JSON.stringify(options));
  if (isNew === undefined) return;
  await syncFolder(path.dirname(folder));
  await syncFolder(path.dirname(path.dirname(folder)));
}

async function begunOptions(folder: string): Promise<StepOptions> {
  return ((await readJson(path.join(folder, optionsName))) ?? {}) as StepOptions;
}
