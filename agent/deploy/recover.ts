import { discard } from './discard.ts';
import { asAgentError } from './failures.ts';
import { finish } from './finish.ts';
import { goForward } from './goForward.ts';
import type { Lock } from './lock.ts';
import { type BegunHook, begunHook, outlive, restOfHook } from './outlived.ts';
import { type Past, resultOf } from './past.ts';
import { rollBack } from './rollBack.ts';
import { stateOnBox } from './stateOnBox.ts';
import { untilCommandsGone } from './steps/commands.ts';
import type { Work } from './work.ts';

const stopped = 'the agent was stopped before this was committed, and nothing of it was kept: deploy again';

/** Takes a deployment of an earlier life to its end; the app is locked. Never throws. */
export async function recover(work: Work, past: Past, lock: Lock): Promise<void> {
  try {
    for (const [hook, count] of past.lines) work.told.set(hook, count);
    const result = resultOf(past);
    if (result !== undefined) return await finish(work, result, past.reason);
    if (!(await untilCommandsGone(work, lock))) return;
    const hook = await begunHook(work);
    if (hook?.fate.isRunning && hook.run !== 'validate')
      return await outlive(work, hook, hook.fate.owner.pid, lock);
    const code = hook === undefined ? undefined : await restOfHook(work, hook);
    await goOn(work, { ...past, state: await stateOnBox(work, past.state) }, hook, code);
  } catch (error) {
    await finish(work, 'unknown', `it could not be taken up again: ${asAgentError(error).message}`);
  }
}

/** @param code that of the hook, where there was one and it is known. */
async function goOn(
  work: Work,
  { state, reason }: Past,
  hook: BegunHook | undefined,
  code: number | undefined,
): Promise<void> {
  if (state === 'committed' || state === 'healthy') return await goForward(work);
  // The app's own tests can be done again; they come behind what must not.
  if (state === 'activated' && hook?.run === 'validate') return await goForward(work, true);
  if (state === 'activated') return await goOnActivated(work, hook?.run === 'deployed', code);
  if (state !== 'rolling_back') return await discard(work, { message: stopped });
  const why = reason ?? 'it was rolled back';
  const isRestored = hook?.run === 'restored';
  if (!isRestored || code !== undefined) return await rollBack(work, why, isRestored && code === 0);
  await finish(work, 'unknown', `${why}; and nobody knows how the hook deployed of the release before ended`);
}

async function goOnActivated(work: Work, isBegun: boolean, code: number | undefined): Promise<void> {
  if (!isBegun) return await goForward(work);
  if (code === undefined) return await finish(work, 'unknown', 'nobody knows how the hook deployed ended');
  if (code === 0) return await goForward(work, true);
  await rollBack(work, `the hook deployed failed with exit code ${code} while the agent was away`);
}
