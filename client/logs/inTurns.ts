/** Work that is done one piece after the other. */
export interface Turns {
  /** When the work is done. What fails holds nobody up. */
  next(work: () => Promise<void>): Promise<void>;
}

export function inTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return {
    next(work) {
      const done = last.then(work);
      last = done.catch(() => undefined);
      return done;
    },
  };
}
