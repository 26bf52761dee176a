import { setTimeout as wait } from 'node:timers/promises';

const firstMs = 50;
const mostMs = 10_000;

/**
 * Waits before something is tried again: at first for an instant, then longer and longer, up to ten seconds; never quite as long as
 * others who lost the same box. Throws the signal's reason.
 * @param tries how often it was tried in vain since it last went well, from 0 on.
 * @param leastMs so long at least.
 */
export async function pause(tries: number, signal: AbortSignal, leastMs = 0): Promise<void> {
  const ms = Math.min(mostMs, firstMs * 2 ** Math.min(tries, 20));
  try {
    await wait(Math.max(leastMs, ms * (0.5 + Math.random() / 2)), undefined, { signal });
  } catch {
    throw signal.reason;
  }
}
