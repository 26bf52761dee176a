import { gcReleases } from '../releases/gc.ts';
import { putInPlace } from '../releases/staging.ts';
import { swing } from '../releases/swing.ts';
import { hideSecrets, hookVariables, runAppHook } from './appHook.ts';
import { asAgentError } from './failures.ts';
import { finish } from './finish.ts';
import { passGate } from './health/gate.ts';
import { healthGate } from './health/healthGate.ts';
import { checkName } from './health/probe.ts';
import { rollBack } from './rollBack.ts';
import { usualSettings } from './settings.ts';
import { runSteps, settleSteps } from './steps/runSteps.ts';
import { enter, releaseFolder, say, staged, stopIfAsked, swingOf, type Work, whyEnded } from './work.ts';

/**
 * Carries out what is committed, to an end, also in a later life: each part may have been done before. Never throws.
 * @param isDeployed the `deployed` hook has done its work already.
 */
export async function goForward(work: Work, isDeployed = false): Promise<void> {
  try {
    if (work.record.state !== 'healthy') await activate(work, isDeployed);
  } catch (error) {
    return await rollBack(work, whyEnded(work, error).message);
  }
  await settleSteps(work, releaseFolder(work, swingOf(work).to));
  await collect(work);
  await finish(work, 'done');
}

async function activate(work: Work, isDeployed: boolean): Promise<void> {
  const { places, signal } = work;
  const { to, isNew, live, previous } = swingOf(work);
  if (isNew) await putInPlace(staged(work), places, to);
  stopIfAsked(work);
  if (work.record.state !== 'activated') await enter(work, 'activated');
  // One that is deployed over itself has the same one before it.
  await swing(places.previous, live === to ? previous : live);
  await swing(places.live, to);
  const release = releaseFolder(work, to);
  if (!isDeployed) {
    await runSteps(work, 'deployed', release);
    await runAppHook(work, 'deployed', release, signal);
  }
  stopIfAsked(work);
  await passChecks(work, release);
  await runAppHook(work, 'validate', release, signal);
  stopIfAsked(work);
  await enter(work, 'healthy');
}

/** The health gate, while steps watch what they have started: what fails first ends the other. */
async function passChecks(work: Work, release: string): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([work.signal, ended.signal]);
  const failures: unknown[] = [];
  const until = (check: Promise<void>) =>
    check.catch((error: unknown) => {
      failures.push(error);
      ended.abort();
    });
  await Promise.all([
    until(checkHealth(work, release, signal)),
    until(runSteps(work, 'watched', release, signal)),
  ]);
  if (failures.length > 0) throw failures[0];
}

/** Passes the health gate; `failed`, `cancelled`. */
async function checkHealth(work: Work, release: string, signal: AbortSignal): Promise<void> {
  const { settings } = work;
  const health = await healthGate(work.record.app, release, settings.health);
  if (health === undefined) return;
  await hideSecrets(work, release);
  const context = { cwd: release, env: hookVariables(work, 'health', release), user: settings.user, signal };
  await passGate(health, context, (isHealthy, text) => {
    const event = {
      type: 'health',
      check: checkName(health.check),
      isHealthy,
      text,
    } as const;
    work.journal.append(event).catch((error) => (work.broken ??= asAgentError(error)));
  });
}

/** What cannot be taken away now is tried the next time. */
async function collect(work: Work): Promise<void> {
  try {
    const gone = await gcReleases(work.places, work.settings.keep ?? usualSettings.keep);
    if (gone.length > 0) say(work, 'gc', `releases ${gone.join(', ')} are gone`);
  } catch (error) {
    say(work, 'gc', `old releases could not be taken away: ${(error as Error).message}`);
  }
}
