import { type ExecFileOptions, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { hasEnded, type Owner } from '../../../artifact/store/owner.ts';
import { AgentError } from '../../failure.ts';
import { ifThere, readJson } from '../../releases/lasting.ts';
import { hookVariables } from '../appHook.ts';
import { runHook, untilGone } from '../hooks/runHook.ts';
import type { Lock } from '../lock.ts';
import { usualSettings } from '../settings.ts';
import type { Answer, Command, CommandOptions, StepWork } from '../step.ts';
import { hooksFolder, say, type Work } from '../work.ts';

const prefix = 'step-';

/** Runs the programs of a step as hooks are run: in a session of their own, with all that they print in the journal. */
export function commandRunner(
  work: Work,
  step: string,
  release: string,
  signal: AbortSignal,
): StepWork['run'] {
  return async (command, { cwd = release, env = {}, asUser = false, timeoutMs }: CommandOptions = {}) => {
    const { settings } = work;
    const [program, ...args] = command;
    const text = command.join(' ');
    say(work, step, `$ ${text}`);
    await runHook({
      folder: hooksFolder(work),
      run: `${prefix}${step}-${randomBytes(4).toString('hex')}`,
      name: program === '/bin/sh' ? step : text,
      ...{ file: program, args, cwd, env: { ...hookVariables(work, step, release), ...env } },
      user: asUser ? settings.user : undefined,
      timeoutMs: timeoutMs ?? settings.hookTimeoutMs ?? usualSettings.hookTimeoutMs,
      graceMs: settings.hookGraceMs ?? usualSettings.hookGraceMs,
      mostOutput: settings.hookOutput ?? usualSettings.hookOutput,
      mask: work.mask,
      async onLines(stream, lines) {
        await Promise.all(
          lines.map((line) => work.lines.append({ type: 'log', stage: step, stream, text: line })),
        );
      },
      signal,
    });
  };
}

const mostAnswer = 4 * 1024 * 1024;
const askMs = 60_000;

/** Asks programs as those of a step are run, where it is told how; what they say is not in the journal. */
export function commandAsker(
  work: Work,
  step: string,
  release: string,
  signal: AbortSignal,
): StepWork['ask'] {
  return (command, how) => {
    if (how === undefined) return ask(command, signal);
    const { cwd = release, env = {}, asUser = false } = how;
    const { user } = work.settings;
    const who = asUser && user !== undefined ? { uid: user.uid, gid: user.gid } : {};
    return ask(command, signal, { cwd, env: { ...hookVariables(work, step, release), ...env }, ...who });
  };
}

/** Asks a program something. A program that is not there answers 127, as a shell would. */
export async function ask(
  [program, ...args]: Command,
  signal: AbortSignal,
  how: Pick<ExecFileOptions, 'cwd' | 'env' | 'uid' | 'gid'> = {},
): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const options = { ...how, signal, timeout: askMs, maxBuffer: mostAnswer, encoding: 'utf8' } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve({ code: 0, stdout, stderr });
      if (error.code === 'ENOENT')
        return resolve({ code: 127, stdout, stderr: `there is no ${program} here` });
      if (typeof error.code === 'number') return resolve({ code: error.code, stdout, stderr });
      const code = signal.aborted ? 'cancelled' : 'failed';
      reject(new AgentError(code, `${program} gave no answer: ${error.message}`, { cause: error }));
    });
  });
}

/**
 * Waits for the programs of steps that an earlier life of the agent began: what they do is done again then, and must not be done twice at
 * once. @returns whether all are gone; not where the agent is about to end.
 */
export async function untilCommandsGone(work: Work, lock: Lock): Promise<boolean> {
  const folder = hooksFolder(work);
  const names = (await ifThere(fs.readdir(folder))) ?? [];
  for (const name of names.filter((one) => one.startsWith(prefix) && one.endsWith('.json'))) {
    const owner = (await readJson(path.join(folder, name))) as Owner | undefined;
    if (owner === undefined || hasEnded(owner) !== false) continue;
    const { id, user } = work.record;
    const step = name.slice(prefix.length).replace(/-[0-9a-f]{8}\.json$/, '');
    const what = `waiting for the step ${step} of ${id}: process ${owner.pid} outlived the agent`;
    await lock.own({ deployment: id, user, since: Date.now(), what }).catch(() => undefined);
    say(work, step, what);
    await untilGone(owner, work.leaving);
  }
  return !work.leaving.aborted;
}
