import os from 'node:os';
import path from 'node:path';
import {
  isRunElsewhere,
  type Kept,
  keepRollout as keep,
  keptIds,
  readKept,
} from '../../remote/rollout/files.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import { UsageError, WorkError } from '../failure.ts';

/** Which rollout is meant: one by its id, or the last one of an app, an environment and a workspace. */
export interface Asked {
  id?: string | undefined;
  app?: string | undefined;
  environment?: string | undefined;
  workspace?: string | undefined;
}

/** Where rollouts are kept: `strata/rollouts` in `XDG_STATE_HOME`, or in `~/.local/state`. */
export function rolloutsFolder(env: NodeJS.ProcessEnv = process.env): string {
  const given = env.XDG_STATE_HOME ?? '';
  const state = path.isAbsolute(given) ? given : path.join(os.homedir(), '.local/state');
  return path.join(state, 'strata/rollouts');
}

/** Keeps a rollout: whole and on the disk, or as it was before. */
export function keepRollout(rollout: Rollout): void {
  keep(rollout, rolloutsFolder());
}

/** The rollouts that no other process runs, newest first. */
export function restingRollouts(): Rollout[] {
  const folder = rolloutsFolder();
  return keptIds(folder).flatMap((id) => {
    const kept = readKept(folder, id);
    return typeof kept === 'string' || isRunElsewhere(kept) ? [] : [kept.rollout];
  });
}

/** Finds a rollout. Throws where there is none like it, or where another process still runs it. */
export function findRollout(asked: Asked, folder: string = rolloutsFolder()): Rollout {
  for (const id of asked.id === undefined ? keptIds(folder) : [asked.id]) {
    const kept = load(folder, id);
    if (kept === undefined || !fits(kept.rollout, asked)) continue;
    if (isRunElsewhere(kept)) {
      throw new WorkError(
        `the rollout ${id} is being run by process ${kept.by.pid}: wait for it, or stop it`,
      );
    }
    return kept.rollout;
  }
  const what = asked.id === undefined ? 'no rollout is known' : `no rollout ${asked.id} is known`;
  const of = [asked.app, asked.environment].filter((one) => one !== undefined).join(' in ');
  throw new UsageError(`${what}${of === '' ? '' : ` of ${of}`} (they are kept in ${folder})`);
}

function load(folder: string, id: string): Kept | undefined {
  const kept = readKept(folder, id);
  if (kept !== 'unknown') return kept === 'missing' ? undefined : kept;
  throw new WorkError(`${path.join(folder, `${id}.json`)} holds no rollout that is known here`);
}

function fits(rollout: Rollout, { id, app, environment, workspace }: Asked): boolean {
  if (app !== undefined && app !== rollout.app) return false;
  if (environment !== undefined && environment !== rollout.environment) return false;
  return id !== undefined || workspace === undefined || workspace === rollout.workspace;
}
