import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';
import { isGone } from '../journal/failure.ts';

/** A call that is to be made. */
export interface Delivery {
  /** The name of its webhook, whose address and headers stay out of the file. */
  webhook: string;
  body: string;
  /** In milliseconds since 1970. */
  created: number;
}

/** Calls on the disk, in order. */
export interface Queue {
  /** On the disk when this returns. */
  add(delivery: Delivery): Promise<void>;
  /** All of a webhook, oldest first. */
  all(webhook: string): Promise<{ file: string; delivery: Delivery }[]>;
  /** The oldest one of a webhook. */
  first(webhook: string): Promise<{ file: string; delivery: Delivery } | undefined>;
  remove(file: string): Promise<void>;
  /** Takes away what belongs to none of the webhooks, or cannot be read; how many that were. */
  clear(webhooks: readonly string[]): Promise<number>;
}

const fileName = /^\d{16}\.json$/;

/** @param folder is made if it is not there. */
export async function openQueue(folder: string): Promise<Queue> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  let last = Number.parseInt((await namesIn(folder)).at(-1) ?? '0', 10);
  return {
    async add(delivery) {
      last++;
      const file = path.join(folder, `${String(last).padStart(16, '0')}.json`);
      await fs.writeFile(`${file}.new`, JSON.stringify(delivery), { flush: true, mode: 0o600 });
      await fs.rename(`${file}.new`, file);
      await syncFolder(folder);
    },
    async all(webhook) {
      const found: { file: string; delivery: Delivery }[] = [];
      for await (const one of of(folder, webhook)) found.push(one);
      return found;
    },
    async first(webhook) {
      for await (const one of of(folder, webhook)) return one;
      return undefined;
    },
    remove: (file) => fs.rm(file, { force: true }),
    async clear(webhooks) {
      let count = 0;
      for (const name of await fs.readdir(folder)) {
        const file = path.join(folder, name);
        const delivery = fileName.test(name) ? await read(file) : undefined;
        if (delivery !== undefined && webhooks.includes(delivery.webhook)) continue;
        await fs.rm(file, { recursive: true, force: true });
        count++;
      }
      return count;
    },
  };
}

async function* of(folder: string, webhook: string): AsyncGenerator<{ file: string; delivery: Delivery }> {
  for (const name of await namesIn(folder)) {
    const file = path.join(folder, name);
    const delivery = await read(file);
    if (delivery?.webhook === webhook) yield { file, delivery };
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await fs.readdir(folder)).filter((name) => fileName.test(name)).sort();
}

/** One that cannot be read is nobody's. */
async function read(file: string): Promise<Delivery | undefined> {
  try {
    const value = JSON.parse(await fs.readFile(file, 'utf8'));
    const { webhook, body, created } = (value ?? {}) as Partial<Delivery>;
    const isRight = typeof webhook === 'string' && typeof body === 'string' && typeof created === 'number';
    return isRight ? { webhook, body, created } : undefined;
  } catch (error) {
    if (isGone(error) || error instanceof SyntaxError) return undefined;
    if ((error as NodeJS.ErrnoException).code === 'EISDIR') return undefined;
    throw error;
  }
}
