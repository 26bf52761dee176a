import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ObjectPage, Store } from '../../../artifact/store/store.ts';

/** Bytes of which no two places look the same. */
export function someBytes(size: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** The bytes as a stream, in chunks. */
export function streamOf(bytes: Buffer | string, chunk = 65_536): Readable {
  const whole = Buffer.from(bytes);
  let at = 0;
  return new Readable({
    read() {
      this.push(at < whole.length ? whole.subarray(at, at + chunk) : null);
      at += chunk;
    },
  });
}

/** Everything that a store lists below a prefix. */
export async function listed(
  store: Store,
  prefix = '',
  flat = true,
): Promise<{ keys: string[]; folders: string[] }> {
  const pages: ObjectPage[] = [];
  for await (const page of store.list(prefix, { flat })) pages.push(page);
  return {
    keys: pages.flatMap(({ objects }) => objects.map(({ key }) => key)),
    folders: pages.flatMap(({ folders }) => folders),
  };
}

/** Adds to a number that others add to, too. */
export async function countUp(store: Store, key: string, times: number): Promise<void> {
  for (let done = 0; done < times; ) {
    const { head, body } = await store.get(key);
    const next = Number(await text(body)) + 1;
    const swapped = await store.swap(key, `${next}`, head.tag).catch((error) => {
      if (error.code !== 'conflict') throw error;
    });
    if (swapped !== undefined) done++;
  }
}
