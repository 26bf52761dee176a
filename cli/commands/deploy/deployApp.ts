import { isOver, retried, reverted } from '../../../remote/rollout/again.ts';
import { isGood, type Rollout } from '../../../remote/rollout/record.ts';
import { UsageError, WorkError } from '../../failure.ts';
import { findRollout } from '../../rollouts/files.ts';
import { findWorkspace } from '../../workspace.ts';
import type { DeployOptions } from '../deploy.ts';
import { carryOut } from './carryOut.ts';
import { follow } from './follow.ts';
import { boxesOfRollout, jobAgain, newJob } from './job.ts';
import type { RolloutOptions } from './options.ts';
import { stoppable } from './stopping.ts';

/** `strata deploy`: a new rollout, or what is left to do of an earlier one. */
export async function deployApp(app: string | undefined, options: DeployOptions): Promise<void> {
  const { retryFailed, revertSucceeded, resume } = options;
  if (resume !== undefined) return await resumeRollout(meant(app, resume, options), options);
  if (retryFailed !== undefined) return await retryRollout(meant(app, retryFailed, options), options);
  if (revertSucceeded !== undefined)
    return await revertRollout(meant(app, revertSucceeded, options), options);
  await carryOut(newJob('deploy', app, options), options);
}

/** `strata rollback`: back to the release before, or to the version that is named. */
export async function rollbackApp(app: string, options: RolloutOptions & { plan?: true }): Promise<void> {
  await carryOut(newJob('rollback', app, options), options);
}

/** The rollout that is meant: the one named, else the last one of the app, the environment and the workspace. */
function meant(app: string | undefined, said: string | true, { env, directory }: DeployOptions): Rollout {
  const isId = typeof said === 'string' && /^\d{17}-[0-9a-f]{8}$/.test(said);
  // In `--retry-failed shop` the option takes the app for its value.
  const isApp = typeof said === 'string' && !isId && app === undefined;
  if (typeof said === 'string' && !isId && !isApp) throw new UsageError(`${said} is no rollout`);
  const workspace = findWorkspace(directory)?.workspace.root;
  return findRollout({ id: isId ? said : undefined, app: isApp ? said : app, environment: env, workspace });
}

async function resumeRollout(rollout: Rollout, { directory, json }: DeployOptions): Promise<void> {
  if (isOver(rollout)) return tellNothing(rollout, 'is over');
  const boxes = boxesOfRollout(rollout, directory);
  await stoppable((stopping) => follow(rollout, boxes, { isJson: json === true, stopping }));
}

async function retryRollout(rollout: Rollout, options: DeployOptions): Promise<void> {
  checkOver(rollout);
  const boxes = retried(rollout);
  if (boxes.length === 0) return tellNothing(rollout, 'ended well on every box');
  await carryOut(jobAgain(rollout.action, rollout, boxes, options), options);
}

async function revertRollout(rollout: Rollout, options: DeployOptions): Promise<void> {
  checkOver(rollout);
  const { boxes, noWayBack } = reverted(rollout);
  for (const box of noWayBack) process.stderr.write(`strata: ${box} had nothing before: it stays as it is\n`);
  if (boxes.length === 0) return tellNothing(rollout, 'changed no box that could be given something back');
  await carryOut(jobAgain('rollback', rollout, boxes, options), options);
}

function checkOver(rollout: Rollout): void {
  if (isOver(rollout)) return;
  throw new WorkError(
    `the rollout ${rollout.id} was broken off: strata deploy --resume ${rollout.id} goes on with it`,
  );
}

function tellNothing({ id, boxes }: Rollout, why: string): void {
  const fared = boxes.filter(isGood).length;
  process.stderr.write(
    `nothing to do: the rollout ${id} ${why} (${fared} of ${boxes.length} boxes have what was asked for)\n`,
  );
}
