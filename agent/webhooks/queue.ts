import fs from 'node:fs/promises';
import path from 'node:path';
import { isGone } from '../journal/failure.ts';
import { syncFolder } from '../journal/layout.ts';

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
  /** The oldest one of a webhook. */
  first(webhook: string): Promise<{ file: string; delivery: Delivery } | undefined>;
  remove(file: string): Promise<void>;
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
    async first(webhook) {
      for (const name of await namesIn(folder)) {
        const file = path.join(folder, name);
        const delivery = await read(file);
        if (delivery?.webhook === webhook) return { file, delivery };
      }
      return undefined;
    },
    remove: (file) => fs.rm(file, { force: true }),
  };
}

async function namesIn(folder: string): Promise<string[]> {
  return (await fs.readdir(folder)).filter((name) => fileName.test(name)).sort();
}

/** One that cannot be read is nobody's: it stays where it is. */
async function read(file: string): Promise<Delivery | undefined> {
  try {
    return JSON.parse(await fs.readFile(file, 'utf8'));
  } catch (error) {
    if (isGone(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
