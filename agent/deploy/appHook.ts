import fs from 'node:fs/promises';
import path from 'node:path';
import { readConfigurationText } from '../configuration/configurationText.ts';
import { configurationName, textOf } from '../configuration/files.ts';
import { AgentError } from '../failure.ts';
import { isSecretSetting, secretValues } from '../mask/secretSettings.ts';
import { ifThere } from '../releases/lasting.ts';
import type { HookRun } from './hooks/hookFiles.ts';
import { runHook, type TakeLines } from './hooks/runHook.ts';
import { usualSettings } from './settings.ts';
import { hooksFolder, releaseFolder, say, type Work } from './work.ts';

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
  await hideSecrets(work, release);
  say(work, run, `running deploy/hooks/${name}`);
  await runHook({
    folder: hooksFolder(work),
    run,
    name: `the hook ${name}`,
    file,
    cwd: release,
    env: hookVariables(work, run, release),
    user: settings.user,
    timeoutMs: settings.hookTimeoutMs ?? usualSettings.hookTimeoutMs,
    graceMs: settings.hookGraceMs ?? usualSettings.hookGraceMs,
    mostOutput: settings.hookOutput ?? usualSettings.hookOutput,
    mask: work.mask,
    onLines: takeLines(work, run),
    signal,
  });
}

/** Puts lines of a hook into the journal, each of them once, whichever life of the agent reads them. */
export function takeLines(work: Work, run: HookRun): TakeLines {
  return async (stream, lines, first) => {
    const told = work.told.get(`${run} ${stream}`) ?? 0;
    const fresh = lines.slice(Math.max(0, told - first + 1));
    await Promise.all(fresh.map((text) => work.lines.append({ type: 'log', stage: run, stream, text })));
  };
}

/** Hides the secrets of a release's configuration in all that is told from now on. */
export async function hideSecrets({ mask, box }: Work, release: string): Promise<void> {
  const { secretPattern } = box.options;
  const text = await textOf(path.join(release, configurationName));
  if (text === undefined) return;
  const isSecret = (setting: string) => isSecretSetting(setting, secretPattern);
  for (const one of secretValues(readConfigurationText(text), isSecret)) mask.add(one);
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
    STRATA_VERSION: (run === 'restored' ? record.previous : undefined) ?? record.version,
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

async function isThere(file: string): Promise<boolean> {
  const stat = await ifThere(fs.stat(file));
  if (stat === undefined) return false;
  if (stat.isFile() && (stat.mode & 0o111) !== 0) return true;
  throw new AgentError('failed', `the hook ${file} cannot be run: make it an executable file (chmod +x)`);
}
