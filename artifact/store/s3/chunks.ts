import type { Readable } from 'node:stream';
import { addAbortSignal } from 'node:stream';
import { cancelled, checkCancelled } from '../../cancelling.ts';

/** The bytes of a stream, cut into parts of the wanted sizes; the last is shorter, and may be empty where it is the only one. */
export async function* chunksOf(
  body: Readable,
  sizeOf: (index: number) => number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  if (signal !== undefined) addAbortSignal(signal, body);
  let index = 0;
  let pending: Buffer[] = [];
  let length = 0;
  for await (const chunk of whileNotStopped(body, signal)) {
    let rest = chunk;
    while (length + rest.length >= sizeOf(index)) {
      const cut = sizeOf(index) - length;
      yield Buffer.concat([...pending, rest.subarray(0, cut)]);
      rest = rest.subarray(cut);
      pending = [];
      length = 0;
      index++;
    }
    if (rest.length > 0) pending.push(rest);
    length += rest.length;
  }
  if (length > 0 || index === 0) yield Buffer.concat(pending);
}

async function* whileNotStopped(body: Readable, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  checkCancelled(signal);
  try {
    for await (const chunk of body) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
  } catch (error) {
    throw signal?.aborted ? cancelled(signal) : error;
  }
  checkCancelled(signal);
}
