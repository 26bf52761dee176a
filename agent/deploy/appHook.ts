import fs from 'node:fs/promises';
import path from 'node:path';
import { AgentError } from '../failure.ts';
import { ifThere } from '../releases/lasting.ts';
import type { HookRun } from './hooks/hookFiles.ts';
import { runHook, type TakeLines } from './hooks/runHook.ts';
import { usualSettings } from './settings.ts';
import { hooksFolder, releaseFolder, say, type Work } from './work.ts';

/** A line of a hook that names a secret: `::add-mask::SECRET`. */
const maskCommand = '::add-mask::';

/** Runs a hook of a release, where it has one; `failed`, `cancelled`. */
export async function runAppHook(
  work: Work,
  run: HookRun,
  release: string,
  signal: AbortSignal,
): Promise<void> {
  const name = run === 'restored' ? 'deployed' : run;
  const file = path.join(release, 'deploy/hooks', name);
  if (!(await isThere(file))) return;
  const { settings } = work;
  say(work, run, `running deploy/hooks/${name}`);
  await runHook({
    folder: hooksFolder(work),
    run,
    file,
    cwd: release,
    env: hookVariables(work, run, release),
    user: settings.user,
    timeoutMs: settings.hookTimeoutMs ?? usualSettings.hookTimeoutMs,
    graceMs: settings.hookGraceMs ?? usualSettings.hookGraceMs,
    mostOutput: settings.hookOutput ?? usualSettings.hookOutput,
    onLines: takeLines(work, run),
    signal,
  });
}

/** Puts lines of a hook into the journal, each of them once, whichever life of the agent reads them. */
export function takeLines(work: Work, run: HookRun): TakeLines {
  return async (stream, lines, first) => {
    const told = work.told.get(`${run} ${stream}`) ?? 0;
    const shown = lines.map((line) => maskedLine(work, line));
    const fresh = shown.slice(Math.max(0, told - first + 1));
    await Promise.all(fresh.map((text) => work.journal.append({ type: 'log', stage: run, stream, text })));
  };
}

/** The small environment of hooks and of health commands. */
export function hookVariables(work: Work, run: string, release: string): Record<string, string> {
  const { record, settings, box } = work;
  const live = record.swing?.live ?? null;
  return {
    PATH: process.env.PATH ?? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: process.env.HOME ?? '/',
    LANG: process.env.LANG ?? 'C.UTF-8',
    ...settings.variables,
    STRATA_APP: record.app,
    STRATA_VERSION: record.version,
    STRATA_CHANNEL: record.channel,
    STRATA_RELEASE: release,
    STRATA_PREVIOUS: live === null ? '' : releaseFolder(work, live),
    STRATA_ROOT: box.options.root,
    STRATA_CONFIG: path.join(release, 'configuration.json'),
    STRATA_ENVIRONMENT: settings.environment,
    STRATA_CLUSTER: settings.cluster ?? '',
    STRATA_DEPLOYMENT: record.id,
    STRATA_HOOK: run,
  };
}

function maskedLine({ mask }: Work, line: string): string {
  if (line.startsWith(maskCommand)) {
    mask.add(line.slice(maskCommand.length));
    return `${maskCommand}…`;
  }
  return mask.apply(line);
}

async function isThere(file: string): Promise<boolean> {
  const stat = await ifThere(fs.stat(file));
  if (stat === undefined) return false;
  if (stat.isFile() && (stat.mode & 0o111) !== 0) return true;
  throw new AgentError('failed', `the hook ${file} cannot be run: make it an executable file (chmod +x)`);
}
