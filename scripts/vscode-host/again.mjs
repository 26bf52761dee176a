/** How long one try waits for the workbench, in milliseconds. */
export const TRY_MS = 2000;

const LIMIT_MS = 30_000;

/**
 * Does something until it succeeds: a busy workbench loses keys and clicks, and closes lists that have lost the focus. The last failure is
 * thrown where it has not succeeded in time; what waits in it has to have a limit of its own.
 * @template T
 * @param {() => Promise<T>} attempt
 * @param {() => Promise<unknown>} [tidyUp] done before the next try
 * @returns {Promise<T>}
 */
export async function again(attempt, tidyUp) {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await tidyUp?.();
    }
  }
}
