import { hideSecrets, takeLines } from './appHook.ts';
import { discard } from './discard.ts';
import { finish } from './finish.ts';
import { type HookFate, type HookRun, hookFate, hookRuns } from './hooks/hookFiles.ts';
import { awaitHook } from './hooks/runHook.ts';
import type { Lock } from './lock.ts';
import { hooksFolder, releaseFolder, say, staged, swingOf, type Work } from './work.ts';

/** A hook that an earlier life of the agent began. */
export interface BegunHook {
  run: HookRun;
  fate: HookFate;
}

/** The hook that was begun last. */
export async function begunHook(work: Work): Promise<BegunHook | undefined> {
  for (const run of [...hookRuns].reverse()) {
    const fate = await hookFate(hooksFolder(work), run);
    if (fate !== undefined) return { run, fate };
  }
  return undefined;
}

/** Takes what a hook wrote that is not in the journal yet, and waits for it where it still runs. @returns its exit code, where it left one. */
export async function restOfHook(work: Work, { run, fate }: BegunHook): Promise<number | undefined> {
  await hideSecrets(work, releaseOf(work, run));
  const hook = { folder: hooksFolder(work), run, mask: work.mask, onLines: takeLines(work, run) };
  return await awaitHook(hook, fate.isRunning ? fate.owner : undefined, work.leaving);
}

/** Keeps the app locked until a hook that outlived the agent is gone: nobody knows what it did. */
export async function outlive(work: Work, hook: BegunHook, pid: number, lock: Lock): Promise<void> {
  const { id, user } = work.record;
  const name = hook.run === 'restored' ? 'deployed' : hook.run;
  const what = `waiting for the hook ${name} of ${id}: process ${pid} outlived the agent`;
  await lock.own({ deployment: id, user, since: Date.now(), what }).catch(() => undefined);
  say(work, hook.run, `the hook ${name} (process ${pid}) outlived the agent: waiting until it is gone`);
  const code = await restOfHook(work, hook);
  // The next life waits on.
  if (work.leaving.aborted) return;
  const told = code === undefined ? 'nobody knows how it ended' : `it ended with exit code ${code}`;
  const message = `the hook ${name} outlived the agent, and ${told}`;
  if (hook.run === 'prepare') await discard(work, { message }, 'unknown');
  else await finish(work, 'unknown', message);
}

function releaseOf(work: Work, run: HookRun): string {
  if (run === 'prepare') return staged(work);
  const { to, live } = swingOf(work);
  return releaseFolder(work, run === 'restored' && live !== null ? live : to);
}
