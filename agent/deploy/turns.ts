import { AgentError } from '../failure.ts';
import { type Lock, lockFile } from './lock.ts';

/** Those that wait for a lock, by its file: when this ends, the next one is the first to get it. */
export type Turns = Map<string, Promise<unknown>>;

/** The lock of a file, behind all those that asked for it before; `cancelled` with the signal. */
export async function lockInTurn(turns: Turns, file: string, signal: AbortSignal): Promise<Lock> {
  const before = turns.get(file) ?? Promise.resolve();
  const mine = lockBehind(before, file, signal);
  // One that gave up lets nobody pass those before it.
  const settled = Promise.allSettled([before, mine]).then(() => {
    if (turns.get(file) === settled) turns.delete(file);
  });
  turns.set(file, settled);
  return await mine;
}

async function lockBehind(before: Promise<unknown>, file: string, signal: AbortSignal): Promise<Lock> {
  await untilAborted(before, signal);
  const lock = await lockFile(file, { wait: true, signal });
  if (lock === undefined) throw new AgentError('busy', `${file} is locked`);
  return lock;
}

async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true, signal: stop.signal });
  });
  await Promise.race([work, aborted]);
  stop.abort();
  if (signal.aborted) throw new AgentError('cancelled', 'it was cancelled while it waited for its turn');
}
