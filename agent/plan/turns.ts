import { cancelled, checkCancelled } from '../../artifact/cancelling.ts';

/** Lets so much work run at once; what is more waits for its turn, in order. */
export type Turns = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** Turns for work of which no more than so many may run at once. Who gives up while waiting gets `cancelled`. */
export function turnsOf(most: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  const begin = (signal: AbortSignal): Promise<void> | undefined => {
    if (running < most) {
      running++;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(cancelled(signal));
      };
      waiting.push(go);
      signal.addEventListener('abort', leave, { once: true });
    });
  };
  // Whoever is next takes the place of the one that ends, so the count stays.
  const end = () => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  };
  return async (work, signal) => {
    checkCancelled(signal);
    await begin(signal);
    try {
      return await work();
    } finally {
      end();
    }
  };
}
