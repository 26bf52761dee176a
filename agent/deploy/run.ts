import { syncTree } from '../../artifact/archive/syncTree.ts';
import { freeName, linkedRelease, markComplete, type Release, releaseOf } from '../releases/releases.ts';
import { checkPlan } from './accept.ts';
import { runAppHook } from './appHook.ts';
import { discard } from './discard.ts';
import { extract } from './extract.ts';
import { fetchArchive } from './fetch.ts';
import { finish } from './finish.ts';
import { goForward } from './goForward.ts';
import type { SwingRecord } from './records.ts';
import { runSteps } from './steps/runSteps.ts';
import { enter, say, staged, stopIfAsked, swingOf, tellOthers, type Work, whyEnded } from './work.ts';

/** Carries a deployment out, to an end; the app is locked. Never throws. */
export async function run(work: Work): Promise<void> {
  try {
    await enter(work, 'locked');
    stopIfAsked(work);
    // While it waited for its turn, another deployment may have changed what its plan found.
    await checkPlan(work.box.options, work.record.request, work.signal);
    const live = await linkedRelease(work.places, 'live');
    if (await isNoOp(work, live)) {
      return await finish(work, 'done', `${work.record.version} is live already: nothing was done`);
    }
    await decide(work, live);
    await tellOthers(work, 'start');
    if (swingOf(work).isNew) await makeRelease(work);
    stopIfAsked(work);
    await enter(work, 'committed');
  } catch (error) {
    return await discard(work, whyEnded(work, error));
  }
  await goForward(work);
}

async function isNoOp({ record, places }: Work, live: Release | undefined): Promise<boolean> {
  const { force = false, rollback = false, version } = record.request;
  if (rollback && version === undefined) {
    // The release before may be another one of the same version.
    const previous = await linkedRelease(places, 'previous');
    if (previous?.version === record.version && previous.name !== live?.name) return false;
  }
  const isSame = live?.version === record.version && (live.channel ?? record.channel) === record.channel;
  return isSame && !force;
}

/** Puts down which release becomes live, and what is there now. */
async function decide(work: Work, live: Release | undefined): Promise<void> {
  const { record, places } = work;
  const previous = await linkedRelease(places, 'previous');
  const isBack = record.action === 'rollback';
  // The release that a rollback goes back to, where it is still there.
  const known = isBack ? await releaseOf(places, record.version, record.channel) : undefined;
  const swing: SwingRecord = {
    to: known?.name ?? (await freeName(places, record.version)),
    isNew: known === undefined,
    live: live?.name ?? null,
    previous: previous?.name ?? null,
  };
  record.swing = swing;
  record.previous = live?.version ?? null;
  record.previousChannel = live?.channel ?? null;
  await work.box.records.save(record);
  if (known !== undefined)
    say(work, 'rollback', `the release ${known.name} is still here, and is taken as it is`);
}

/** Makes the release, in its staging folder: whole, prepared and on the disk. */
async function makeRelease(work: Work): Promise<void> {
  const { record, signal } = work;
  const archive = await fetchArchive(work);
  await extract(work, archive);
  await enter(work, 'extracted');
  stopIfAsked(work);
  const release = staged(work);
  await runSteps(work, 'prepare', release);
  await runAppHook(work, 'prepare', release, signal);
  stopIfAsked(work);
  await syncTree(release, signal);
  const { version, channel, id } = record;
  await markComplete(work.places, release, { version, channel, completed: Date.now(), deployment: id });
  await enter(work, 'prepared');
}
