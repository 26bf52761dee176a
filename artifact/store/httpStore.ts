import { Readable } from 'node:stream';
import { ArtifactError } from '../failure.ts';
import { findHead, infoOf } from './http/heads.ts';
import { listFiles } from './http/listing.ts';
import { ask, type Site } from './http/requests.ts';
import { checkKey, checkPrefix } from './keys.ts';
import { resumed } from './resumed.ts';
import type { ObjectHead, Store } from './store.ts';

const idleMs = 30_000;

/**
 * A store that a web server offers, for reading: the files of a directory, with their metadata in `KEY.meta` beside them. It can
 * be listed where the server lists its folders.
 * @param address `https:` or `http:`; a user and a password in it are sent with each request.
 */
export function httpStore(address: string, options: { idleMs?: number | undefined } = {}): Store {
  const site = siteOf(address, options.idleMs ?? idleMs);
  const refuse = async () => {
    throw new ArtifactError(
      'unavailable',
      `${site.url} can only be read: name a directory or an s3:// address to write to`,
    );
  };
  return {
    url: site.url,
    async head(key, { signal } = {}) {
      checkKey(key);
      return findHead(site, key, signal);
    },
    async get(key, { start = 0, signal } = {}) {
      checkKey(key);
      return getObject(site, key, start, signal);
    },
    async *list(prefix, { flat = false, signal } = {}) {
      checkPrefix(prefix);
      yield* listFiles(site, prefix, { flat, signal });
    },
    create(_key, body) {
      body.destroy();
      return refuse();
    },
    copy: refuse,
    swap: refuse,
    delete: refuse,
  };
}

function siteOf(address: string, idle: number): Site {
  const url = new URL(address);
  const login = [url.username, url.password].map(decodeURIComponent).join(':');
  url.username = '';
  url.password = '';
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  const headers: Record<string, string> =
    login === ':' ? {} : { authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  return { url: url.href, headers, idleMs: idle };
}

async function getObject(
  site: Site,
  key: string,
  start: number,
  signal: AbortSignal | undefined,
): Promise<{ head: ObjectHead; body: Readable }> {
  const head = await findHead(site, key, signal);
  if (head === undefined) throw new ArtifactError('missing', `there is no ${key} in ${site.url}`);
  if (start > head.size) {
    throw new ArtifactError('invalid', `${key} has ${head.size} bytes: it cannot be read from ${start} on`);
  }
  const again = (at: number) => requestFrom(site, head, at, signal);
  const body = start === head.size ? Readable.from([]) : await again(start);
  return { head, body: resumed({ head, start, body, again, signal, idleMs: site.idleMs }) };
}

async function requestFrom(
  site: Site,
  head: ObjectHead,
  start: number,
  signal: AbortSignal | undefined,
): Promise<Readable> {
  const headers: Record<string, string> = start === 0 ? {} : { range: `bytes=${start}-` };
  const answer = await ask(site, { path: head.key, headers, signal }, [200, 206]);
  if (answer === undefined) throw replaced(site, head);
  const whole = answer.status === 200 ? infoOf(site, head.key, answer).size : sizeInRange(answer);
  const tag = answer.headers.get('etag');
  if (whole !== head.size || (tag !== null && tag !== head.tag)) {
    await answer.body?.cancel();
    throw replaced(site, head);
  }
  const body = answer.body === null ? Readable.from([]) : Readable.fromWeb(answer.body);
  // A server that knows no ranges begins at the beginning.
  return answer.status === 200 && start > 0 ? Readable.from(withoutFirst(body, start)) : body;
}

function sizeInRange(answer: Response): number {
  return Number(answer.headers.get('content-range')?.split('/')[1]);
}

async function* withoutFirst(body: Readable, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const piece of body) {
    if (piece.length > left) yield piece.subarray(left);
    left = Math.max(0, left - piece.length);
  }
}

function replaced(site: Site, { key }: ObjectHead): ArtifactError {
  return new ArtifactError('conflict', `${site.url}${key} was replaced while it was read`);
}
