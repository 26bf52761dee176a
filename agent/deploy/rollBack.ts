import { swing } from '../releases/swing.ts';
import { runAppHook } from './appHook.ts';
import { asAgentError } from './failures.ts';
import { finish } from './finish.ts';
import { restoreSteps } from './steps/runSteps.ts';
import { enterAnyhow, note, releaseFolder, swingOf, type Work, withReserve } from './work.ts';

/**
 * Restores the release before, once, to an end: its links, what the steps changed elsewhere, and its `deployed` hook, which lets
 * the app run from it again. Never throws.
 * @param why what failed.
 * @param isDeployed the hook has done its work already.
 */
export async function rollBack(work: Work, why: string, isDeployed = false): Promise<void> {
  const { places } = work;
  const { to, live, previous } = swingOf(work);
  const isUntouched = work.record.state === 'committed';
  await journalIfPossible(work, why);
  const failures: string[] = [];
  try {
    await withReserve(work.box, () => swing(places.live, live));
    await withReserve(work.box, () => swing(places.previous, previous));
    failures.push(...(await restoreSteps(work, releaseFolder(work, to))));
    if (live !== null && !isDeployed && !isUntouched) {
      await runAppHook(work, 'restored', releaseFolder(work, live), new AbortController().signal);
    }
  } catch (error) {
    failures.push(asAgentError(error).message);
  }
  const back = live === null ? 'nothing was live before' : `${work.record.previous} is live again`;
  if (failures.length === 0) await finish(work, 'rolled_back', `${why}; ${back}`);
  else
    await finish(
      work,
      'failed',
      `${why}; and the release before is not wholly restored: ${failures.join('; ')}`,
    );
}

/** The release before is more important than the record of it. */
async function journalIfPossible(work: Work, why: string): Promise<void> {
  if (work.record.state === 'rolling_back') return;
  try {
    await enterAnyhow(work, 'rolling_back', why);
  } catch {
    note(work, 'rolling_back', why);
  }
}
