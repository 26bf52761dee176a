/**
 * Who of a rollout is out of which pool of a balancer, so that boxes that are begun together do not leave it empty: who would be the last one waits until
 * another one is back.
 */
export interface Turns {
  /** Does something while nobody else does something with the pool. */
  alone<T>(pool: string | undefined, work: () => Promise<T>): Promise<T>;
  /** A box is out from now on. */
  out(pool: string | undefined, box: string): void;
  /** It is back, or will not come back. */
  over(pool: string | undefined, box: string): void;
  /** Resolves when another box that is out now is over; nothing where there is none. */
  nextOver(pool: string | undefined, box: string): Promise<void> | undefined;
}

interface Pool {
  out: Set<string>;
  last: Promise<unknown>;
  waiting: (() => void)[];
}

export function newTurns(): Turns {
  const pools = new Map<string, Pool>();
  const poolOf = (name = ''): Pool => {
    const known = pools.get(name) ?? { out: new Set(), last: Promise.resolve(), waiting: [] };
    pools.set(name, known);
    return known;
  };
  return {
    alone(name, work) {
      if (name === undefined) return work();
      const pool = poolOf(name);
      const done = pool.last.then(work);
      pool.last = done.catch(() => undefined);
      return done;
    },
    out: (name, box) => void poolOf(name).out.add(box),
    over(name, box) {
      const pool = poolOf(name);
      pool.out.delete(box);
      for (const tell of pool.waiting.splice(0)) tell();
    },
    nextOver(name, box) {
      const pool = poolOf(name);
      if (![...pool.out].some((one) => one !== box)) return undefined;
      return new Promise((resolve) => pool.waiting.push(resolve));
    },
  };
}
