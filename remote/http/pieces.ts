import type { Readable } from 'node:stream';

/**
 * The pieces of a body as they come. Throws the signal's reason, or what `lost` makes of why no more comes: the connection broke, or
 * nothing came for so many milliseconds. (The time that the reader takes does not count.)
 */
export async function* readPieces(
  source: Readable,
  { signal, silenceMs, lost }: { signal: AbortSignal; silenceMs: number; lost: (error: unknown) => Error },
): AsyncGenerator<Buffer> {
  const stop = () => source.destroy(new Error('given up'));
  const silent = () => source.destroy(new Error(`nothing came for ${silenceMs / 1000} s`));
  signal.addEventListener('abort', stop);
  const pieces: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal.throwIfAborted();
      const timer = setTimeout(silent, silenceMs);
      const next = await pieces.next().finally(() => clearTimeout(timer));
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw lost(error);
  } finally {
    signal.removeEventListener('abort', stop);
    source.destroy();
  }
}
