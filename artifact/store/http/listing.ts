import { checkCancelled } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import type { ObjectPage } from '../store.ts';
import { findInfo } from './heads.ts';
import { type IndexEntry, readIndex } from './index.ts';
import { ask, type Site } from './requests.ts';

// Each file is asked for by itself.
const pageSize = 16;

/** What a web server lists below a folder, in the order of the keys' bytes; `unavailable` where it lists nothing. */
export async function* listFiles(
  site: Site,
  prefix: string,
  { flat, signal }: { flat: boolean; signal: AbortSignal | undefined },
): AsyncGenerator<ObjectPage> {
  let waiting: IndexEntry[] = [];
  const page = async () => {
    const infos = await Promise.all(
      waiting.map(({ name, isFolder }) => (isFolder ? undefined : findInfo(site, name, signal))),
    );
    const folders = waiting.filter((one) => one.isFolder).map(({ name }) => name.slice(prefix.length));
    waiting = [];
    return { objects: infos.filter((one) => one !== undefined), folders };
  };
  for await (const entry of walk(site, prefix, flat, signal)) {
    checkCancelled(signal);
    waiting.push(entry);
    if (waiting.length === pageSize) yield await page();
  }
  if (waiting.length > 0) yield await page();
}

/** The entries below a folder, by their whole names. */
async function* walk(
  site: Site,
  prefix: string,
  flat: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<IndexEntry> {
  for (const { name, isFolder } of await readFolder(site, prefix, signal)) {
    const key = `${prefix}${name}`;
    if (isFolder && flat) yield* walk(site, `${key}/`, flat, signal);
    else yield { name: key, isFolder };
  }
}

async function readFolder(
  site: Site,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<IndexEntry[]> {
  const accept = 'application/json, text/html;q=0.9';
  const answer = await ask(site, { path: prefix, headers: { accept }, signal }, [200, 403]);
  if (answer?.status === 200) return readIndex(answer.headers.get('content-type') ?? '', await answer.text());
  await answer?.body?.cancel();
  // Servers that list nothing may say of every folder that it is not there.
  if (answer === undefined && prefix !== '') {
    await readFolder(site, '', signal);
    return [];
  }
  throw new ArtifactError(
    'unavailable',
    `${site.url}${prefix} cannot be listed: let the server list its folders (nginx: \`autoindex on\`), or name a version`,
  );
}
