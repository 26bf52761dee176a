import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { Door } from './call.ts';

/** Sends an answer; a stream goes as fast as it is read. */
export async function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  door: Door,
  signal: AbortSignal,
): Promise<void> {
  if (typeof body === 'string') {
    const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
    response.writeHead(status, { ...headers, ...length }).end(body);
    await isTaken(response, door);
    return;
  }
  response.writeHead(status, headers);
  if (response.req.method === 'HEAD') {
    response.end();
    return;
  }
  door.counts.streams++;
  try {
    await stream(response, body, door, signal);
  } finally {
    door.counts.streams--;
  }
}

async function stream(
  response: ServerResponse,
  body: AsyncIterable<string>,
  door: Door,
  signal: AbortSignal,
): Promise<void> {
  // The client is to know at once that it is connected, however long nothing comes.
  response.flushHeaders();
  for await (const text of body) {
    if (response.destroyed) return;
    if (!response.write(text) && !(await isRead(response, door, signal))) {
      response.destroy();
      return;
    }
  }
  response.end();
}

/** Waits until the client has taken a whole answer; the connection of one who takes nothing for too long is cut off. */
async function isTaken(response: ServerResponse, door: Door): Promise<void> {
  if (response.writableFinished || response.closed) return;
  // One that waits behind another on its connection cannot be taken yet.
  if (response.socket === null) await Promise.race([once(response, 'socket'), once(response, 'close')]);
  const timer = setTimeout(() => {
    door.counts.slowReaders++;
    response.destroy();
  }, door.config().limits.slowReader);
  try {
    if (!response.writableFinished && !response.closed)
      await Promise.race([once(response, 'finish'), once(response, 'close')]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until the client has read; `false` where it takes nothing for too long, or is gone. */
async function isRead(response: ServerResponse, door: Door, signal: AbortSignal): Promise<boolean> {
  const slow = AbortSignal.timeout(door.config().limits.slowReader);
  try {
    await once(response, 'drain', { signal: AbortSignal.any([slow, signal]) });
    return true;
  } catch {
    if (slow.aborted && !signal.aborted) door.counts.slowReaders++;
    return false;
  }
}
