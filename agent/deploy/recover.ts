import { type DeploymentState, isResult } from '../../protocol/deployment.ts';
import { takeLines } from './appHook.ts';
import { discard } from './discard.ts';
import { asAgentError } from './failures.ts';
import { finish } from './finish.ts';
import { goForward } from './goForward.ts';
import { type HookFate, type HookRun, hookFate, hookRuns } from './hooks/hookFiles.ts';
import { awaitHook } from './hooks/runHook.ts';
import type { Lock } from './lock.ts';
import { rollBack } from './rollBack.ts';
import { hooksFolder, note, say, type Work } from './work.ts';

/** What the journal says of an earlier life. */
interface Past {
  state: DeploymentState;
  reason: string | undefined;
  isEnded: boolean;
}

const stopped = 'the agent was stopped before this was committed, and nothing of it was kept: deploy again';

/** Takes a deployment of an earlier life to its end; the app is locked. Never throws. */
export async function recover(work: Work, lock: Lock): Promise<void> {
  try {
    const past = await readPast(work);
    note(work, past.state, past.reason);
    if (isResult(past.state)) return await endAgain(work, past);
    const begun = await begunHook(work);
    if (begun !== undefined) await settleHook(work, begun.run, begun.fate, lock);
    else await goOn(work, past, undefined);
  } catch (error) {
    await finish(work, 'unknown', `it could not be taken up again: ${asAgentError(error).message}`);
  }
}

async function readPast(work: Work): Promise<Past> {
  const past: Past = { state: 'accepted', reason: undefined, isEnded: false };
  for await (const event of work.journal.events(0)) {
    if (event.type === 'state')
      Object.assign(past, { state: event.state, reason: event.reason ?? past.reason });
    if (event.type === 'end') past.isEnded = true;
    if (event.type === 'log' && event.stream !== 'agent') {
      const key = `${event.stage} ${event.stream}`;
      work.told.set(key, (work.told.get(key) ?? 0) + 1);
    }
  }
  return past;
}

async function endAgain(work: Work, past: Past): Promise<void> {
  if (!isResult(past.state)) return;
  if (!past.isEnded) return await finish(work, past.state, past.reason);
  work.record.result = past.state;
  work.record.lastEvent = work.journal.last;
  await work.box.records.save(work.record);
}

/** The hook that was begun last. */
async function begunHook(work: Work): Promise<{ run: HookRun; fate: HookFate } | undefined> {
  for (const run of [...hookRuns].reverse()) {
    const fate = await hookFate(hooksFolder(work), run);
    if (fate !== undefined) return { run, fate };
  }
  return undefined;
}

/** Waits for a hook that outlived the agent, and goes on behind one that has ended. */
async function settleHook(work: Work, run: HookRun, fate: HookFate, lock: Lock): Promise<void> {
  const { record } = work;
  const name = run === 'restored' ? 'deployed' : run;
  if (!fate.isRunning) {
    const code = await awaitHook(hooksFolder(work), run, undefined, takeLines(work, run), work.leaving);
    return await goOn(
      work,
      { state: record.state, reason: record.reason ?? undefined, isEnded: false },
      { run, code },
    );
  }
  const { pid } = fate.owner;
  const what = `waiting for the hook ${name} of ${record.id}: process ${pid} outlived the agent`;
  await lock.own({ deployment: record.id, user: record.user, since: Date.now(), what });
  say(work, run, `the hook ${name} (process ${pid}) outlived the agent: waiting until it is gone`);
  const code = await awaitHook(hooksFolder(work), run, fate.owner, takeLines(work, run), work.leaving);
  if (work.leaving.aborted) return;
  const told = code === undefined ? 'nobody knows how it ended' : `it ended with exit code ${code}`;
  const message = `the hook ${name} outlived the agent, and ${told}`;
  if (run === 'prepare') await discard(work, { message }, 'unknown');
  else await finish(work, 'unknown', message);
}

async function goOn(
  work: Work,
  { state, reason }: Past,
  hook: { run: HookRun; code: number | undefined } | undefined,
): Promise<void> {
  const isOf = (run: HookRun) => hook?.run === run;
  if (state === 'rolling_back') {
    const why = reason ?? 'it was rolled back';
    if (!isOf('restored') || hook?.code !== undefined)
      return await rollBack(work, why, isOf('restored') && hook?.code === 0);
    return await finish(
      work,
      'unknown',
      `${why}; and nobody knows what the hook deployed of the release before did`,
    );
  }
  if (state === 'committed' || state === 'healthy') return await goForward(work);
  if (state !== 'activated') return await discard(work, { message: stopped });
  if (!isOf('deployed')) return await goForward(work);
  if (hook?.code === undefined)
    return await finish(work, 'unknown', 'nobody knows how the hook deployed ended');
  if (hook.code === 0) return await goForward(work, true);
  await rollBack(work, `the hook deployed failed with exit code ${hook.code} while the agent was away`);
}
