import { setTimeout as wait } from 'node:timers/promises';

const lookEveryMs = 100;

/** Looks again and again until something is so. @returns whether it came to be, within the time. */
export async function becomes(
  isSo: () => Promise<boolean>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const until = performance.now() + timeoutMs;
  for (;;) {
    if (await isSo()) return true;
    const rest = until - performance.now();
    if (rest <= 0) return false;
    await wait(Math.min(lookEveryMs, rest), undefined, { signal });
  }
}

const mostMs = 2000;

/** The status that an address answers with; nothing where nobody answers. */
export async function statusOf(url: string): Promise<number | undefined> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(mostMs) });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined;
  }
}
