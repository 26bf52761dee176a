/** What a source gives, and `undefined` whenever it has been silent for so many milliseconds. */
export async function* withHeartbeat<T>(source: AsyncIterable<T>, ms: number): AsyncIterable<T | undefined> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (;;) {
      const came = await withinTime(next, ms);
      if (came === undefined) {
        yield undefined;
        continue;
      }
      if (came.done === true) return;
      next = iterator.next();
      // Whoever stops reading does not hear of its failure.
      next.catch(() => {});
      yield came.value;
    }
  } finally {
    await iterator.return?.();
  }
}

/** What comes within the time; `undefined` where nothing does. */
async function withinTime<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
