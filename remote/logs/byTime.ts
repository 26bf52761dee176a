/** What comes from one of several sources. */
export interface Lane {
  /** Whether the others wait for what comes from here: it is known that older things are still to come. */
  isWaitedFor: boolean;
}

/** Several sources as one. */
export interface ByTime<T> extends AsyncIterable<T> {
  /** One more source. It must not throw; `changed` is to be called when its lane is no longer waited for. */
  add(make: (lane: Lane, changed: () => void) => AsyncIterable<T>): void;
  /** No more sources come: when all have ended, so does this. */
  close(): void;
}

interface Head<T> {
  value: T;
  taken(): void;
}

/**
 * Puts what comes from several sources into the order of its time, as far as it is known what comes: a source that waits for something
 * to happen holds nobody up. The order within a source stays. Of each source one thing is kept.
 */
export function byTime<T extends { time: number }>(): ByTime<T> {
  const lanes = new Map<Lane, Head<T> | undefined>();
  let isClosed = false;
  let ring = () => {};
  let bell = Promise.resolve();
  const changed = () => ring();
  const pump = async (lane: Lane, source: AsyncIterable<T>) => {
    try {
      for await (const value of source) {
        await new Promise<void>((taken) => {
          lanes.set(lane, { value, taken });
          changed();
        });
      }
    } finally {
      lanes.delete(lane);
      changed();
    }
  };
  return {
    add(make) {
      const lane: Lane = { isWaitedFor: true };
      lanes.set(lane, undefined);
      void pump(lane, make(lane, changed));
    },
    close() {
      isClosed = true;
      changed();
    },
    async *[Symbol.asyncIterator]() {
      for (;;) {
        bell = new Promise((resolve) => {
          ring = resolve;
        });
        const next = firstOf(lanes);
        if (next !== undefined) {
          const [lane, { value, taken }] = next;
          lanes.set(lane, undefined);
          yield value;
          taken();
        } else if (isClosed && lanes.size === 0) return;
        else await bell;
      }
    },
  };
}

/** The oldest of what is there; nothing while something older may come. */
function firstOf<T extends { time: number }>(
  lanes: ReadonlyMap<Lane, Head<T> | undefined>,
): [Lane, Head<T>] | undefined {
  let first: [Lane, Head<T>] | undefined;
  for (const [lane, head] of lanes) {
    if (head === undefined && lane.isWaitedFor) return undefined;
    if (head === undefined) continue;
    if (first === undefined || head.value.time < first[1].value.time) first = [lane, head];
  }
  return first;
}
