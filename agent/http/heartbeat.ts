/** So much is taken at once, about, in characters; a reader who takes nothing keeps no more than that in memory. */
const mostAtOnce = 64 * 1024;

/**
 * What a source gives, as many as there are at once: one write for all of them instead of one each. An empty list whenever it has been silent for so
 * many milliseconds. The source is read on only as the lists are taken.
 * @param sizeOf about how many characters one is.
 */
export async function* inBatches<T>(
  source: AsyncIterable<T>,
  silenceMs: number,
  sizeOf: (one: T) => number,
): AsyncGenerator<T[]> {
  const iterator = source[Symbol.asyncIterator]();
  const pump = startPump(iterator, sizeOf);
  try {
    for (;;) {
      const batch = await pump.take(silenceMs);
      if (batch === undefined) return;
      yield batch;
    }
  } finally {
    pump.stop();
    await iterator.return?.();
  }
}

interface Pump<T> {
  /** What has come since, once there is something; nothing where no more comes. Throws what the source throws, behind what came before. */
  take(silenceMs: number): Promise<T[] | undefined>;
  stop(): void;
}

function startPump<T>(iterator: AsyncIterator<T>, sizeOf: (one: T) => number): Pump<T> {
  let came: T[] = [];
  let size = 0;
  let end: { error?: unknown } | undefined;
  let isStopped = false;
  const [something, room] = [bell(), bell()];
  const pull = async () => {
    while (!isStopped) {
      if (size >= mostAtOnce) await room.rings();
      const next = await iterator.next();
      if (next.done === true) break;
      came.push(next.value);
      size += sizeOf(next.value);
      if (came.length === 1) something.ring();
    }
  };
  const ended = (how: { error?: unknown }) => {
    end = how;
    something.ring();
  };
  pull().then(
    () => ended({}),
    (error) => ended({ error }),
  );
  return {
    async take(silenceMs) {
      if (came.length === 0 && end === undefined) await something.rings(silenceMs);
      // What is there already comes along: it is pulled before anything else happens.
      if (came.length > 0 && end === undefined) await new Promise(setImmediate);
      const batch = came;
      came = [];
      size = 0;
      room.ring();
      if (batch.length > 0 || end === undefined) return batch;
      if ('error' in end) throw end.error;
      return undefined;
    },
    stop() {
      isStopped = true;
      room.ring();
    },
  };
}

/** Wakes the one who waits for it. */
function bell(): { rings(mostMs?: number): Promise<void>; ring(): void } {
  let ring = () => {};
  return {
    async rings(mostMs) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        ring = resolve;
        if (mostMs !== undefined) timer = setTimeout(resolve, mostMs);
      });
      clearTimeout(timer);
    },
    ring: () => ring(),
  };
}
