/** One reaction to many events that come close together. */
export interface Burst {
  /** One more event came. */
  again(): void;
  /** Reacts at once if the reaction is still to come. */
  endNow(): void;
  stop(): void;
}

/** How long nothing may come before a burst counts as over, in milliseconds. */
const quietMs = 30;
/** How long a burst may put the reaction off, in milliseconds. */
const mostMs = 250;

/** Reacts once a burst of events is over, such as a branch that is checked out. */
export function afterBurst(react: () => void): Burst {
  let timer: NodeJS.Timeout | undefined;
  let first = 0;
  const end = () => {
    timer = undefined;
    react();
  };
  return {
    again() {
      const now = performance.now();
      if (timer === undefined) first = now;
      clearTimeout(timer);
      timer = setTimeout(end, Math.max(0, Math.min(quietMs, first + mostMs - now)));
    },
    endNow() {
      if (timer === undefined) return;
      clearTimeout(timer);
      end();
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
