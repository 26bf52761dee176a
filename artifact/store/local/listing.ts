import type { Dirent } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { checkCancelled } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import { isKeyPart } from '../keys.ts';
import type { ObjectInfo, ObjectPage } from '../store.ts';
import { ifThere } from './failures.ts';
import { objectInfo } from './objects.ts';
import { findPlace } from './places.ts';

const pageSize = 1000;
const atOnce = 32;

/** The objects below a folder of a directory, a page at a time, in the order of their keys' bytes. */
export async function* listObjects(
  root: string,
  prefix: string,
  { flat, signal }: { flat: boolean; signal: AbortSignal | undefined },
): AsyncGenerator<ObjectPage> {
  let page: ObjectPage = { objects: [], folders: [] };
  for await (const entries of batches(walk(root, prefix, flat))) {
    checkCancelled(signal);
    const infos = await Promise.all(entries.map((one) => (one.isFolder ? undefined : infoAt(root, one.key))));
    page.objects.push(...infos.filter((one) => one !== undefined));
    page.folders.push(...entries.filter((one) => one.isFolder).map((one) => path.posix.basename(one.key)));
    if (page.objects.length + page.folders.length < pageSize) continue;
    yield page;
    page = { objects: [], folders: [] };
  }
  if (page.objects.length + page.folders.length > 0) yield page;
}

interface Entry {
  key: string;
  isFolder: boolean;
}

async function* batches(entries: AsyncIterable<Entry>): AsyncGenerator<Entry[]> {
  let batch: Entry[] = [];
  for await (const entry of entries) {
    batch.push(entry);
    if (batch.length < atOnce) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

async function* walk(root: string, prefix: string, flat: boolean): AsyncGenerator<Entry> {
  for (const { name, isFolder } of await readFolder(root, prefix)) {
    const key = `${prefix}${name}`;
    if (isFolder && flat) yield* walk(root, `${key}/`, flat);
    else yield { key, isFolder };
  }
}

/** What a folder holds that can be part of a key, in the order of whole keys: a folder's have a `/` behind its name. */
async function readFolder(root: string, prefix: string): Promise<{ name: string; isFolder: boolean }[]> {
  const folder = await findPlace(root, prefix);
  const entries =
    folder === undefined ? undefined : await ifThere(fs.readdir(folder, { withFileTypes: true }));
  if (folder === undefined || entries === undefined) return [];
  const named = entries.filter(({ name }) => isKeyPart(name));
  const found = await Promise.all(named.map((entry) => kindOf(root, prefix, entry)));
  const sorted = found.filter((one) => one !== undefined).map((one) => ({ ...one, order: orderOf(one) }));
  return sorted.sort((a, b) => (a.order < b.order ? -1 : 1));
}

// Names of keys are ASCII: comparing their letters compares their bytes.
function orderOf({ name, isFolder }: { name: string; isFolder: boolean }): string {
  return isFolder ? `${name}/` : name;
}

async function kindOf(
  root: string,
  prefix: string,
  entry: Dirent,
): Promise<{ name: string; isFolder: boolean } | undefined> {
  const { name } = entry;
  if (entry.isFile() || entry.isDirectory()) return { name, isFolder: entry.isDirectory() };
  // A link, or a file system that tells no kinds. What leads out of the store is none of its objects.
  const real = await findPlace(root, `${prefix}${name}`).catch((error) => {
    if (!(error instanceof ArtifactError)) throw error;
  });
  const stat = real === undefined ? undefined : await ifThere(fs.stat(real));
  return stat?.isFile() || stat?.isDirectory() ? { name, isFolder: stat.isDirectory() } : undefined;
}

async function infoAt(root: string, key: string): Promise<ObjectInfo | undefined> {
  const file = await findPlace(root, key);
  return file === undefined ? undefined : objectInfo(file, key);
}
