import { Readable } from 'node:stream';
import { cancelled, checkCancelled, pause } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';
import type { ObjectHead } from './store.ts';

/** What {@link resumed} reads. */
export interface Resuming {
  head: ObjectHead;
  /** Where the first body begins. */
  start: number;
  body: Readable;
  /** The bytes from an offset on, of the very same object. */
  again: (start: number) => Promise<Readable>;
  /** How long no byte may come, in milliseconds. */
  idleMs: number;
  signal: AbortSignal | undefined;
}

const tries = 5;

/** Bytes that come over a network: where the connection is cut, they go on from there. Fails with `unavailable` after a few tries in vain. */
export function resumed(from: Resuming): Readable {
  const stream = Readable.from(pieces(from), { objectMode: false, highWaterMark: 1 << 20 });
  const { signal } = from;
  // What nobody began to read holds its connection otherwise.
  stream.once('close', () => from.body.destroy());
  if (signal === undefined) return stream;
  const stop = () => stream.destroy(cancelled(signal));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  return stream.once('close', () => signal.removeEventListener('abort', stop));
}

async function* pieces({ head, start, body, again, signal, idleMs }: Resuming): AsyncGenerator<Buffer> {
  let at = start;
  let current: Readable | undefined = body;
  for (let failed = 0; at < head.size; ) {
    try {
      current ??= await again(at);
      for await (const piece of watched(current, idleMs)) {
        at += piece.length;
        failed = 0;
        yield piece;
      }
      if (at < head.size) throw new Error(`the connection ended after ${at} of ${head.size} bytes`);
    } catch (error) {
      checkCancelled(signal);
      if (error instanceof ArtifactError || ++failed === tries) throw cutShort(head, error);
      await pause(100 * 2 ** failed, signal);
    }
    current = undefined;
  }
}

/** Ends a stream of which nothing comes; the time in which nobody takes what came does not count. */
async function* watched(body: Readable, idleMs: number): AsyncGenerator<Buffer> {
  const late = () => body.destroy(new Error(`nothing came for ${idleMs / 1000} s`));
  let timer = setTimeout(late, idleMs);
  try {
    for await (const piece of body) {
      clearTimeout(timer);
      yield piece;
      timer = setTimeout(late, idleMs);
    }
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
}

function cutShort({ key }: ObjectHead, error: unknown): unknown {
  if (error instanceof ArtifactError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ArtifactError('unavailable', `reading ${key}: ${reason}, after ${tries} tries`, error);
}
