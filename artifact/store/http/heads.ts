import { checkCancelled } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import { metaEnding } from '../keys.ts';
import { asMetadata, type Metadata } from '../metadata.ts';
import type { ObjectHead, ObjectInfo } from '../store.ts';
import { ask, type Site } from './requests.ts';

/** The head of a file with the metadata that lies beside it; nothing where there is none. */
export async function findHead(
  site: Site,
  key: string,
  signal: AbortSignal | undefined,
): Promise<ObjectHead | undefined> {
  const info = await findInfo(site, key, signal);
  return info && { ...info, metadata: await readMetadata(site, key, signal) };
}

/** What is to be told of a file without its metadata; nothing where there is none. */
export async function findInfo(
  site: Site,
  key: string,
  signal: AbortSignal | undefined,
): Promise<ObjectInfo | undefined> {
  const answer = await ask(site, { path: key, method: 'HEAD', signal }, [200]);
  return answer === undefined || isFolder(answer) ? undefined : infoOf(site, key, answer);
}

/** A server answers with the page of a folder where the name is one's. */
function isFolder(answer: Response): boolean {
  return new URL(answer.url).pathname.endsWith('/');
}

/** What an answer tells of a file. */
export function infoOf(site: Site, key: string, answer: Response): ObjectInfo {
  const { headers } = answer;
  const length = headers.get('content-length');
  const encoding = headers.get('content-encoding');
  if (length === null || (encoding !== null && encoding !== 'identity')) {
    throw new ArtifactError(
      'unavailable',
      `${site.url}${key}: the server does not send the file as it is (no length, or packed as ${encoding}): ` +
        'turn compression off for this folder',
    );
  }
  const modified = headers.get('last-modified') ?? '';
  const tag = headers.get('etag') ?? `${length} ${modified}`;
  return { key, size: Number(length), modified: Date.parse(modified) || 0, tag };
}

async function readMetadata(site: Site, key: string, signal: AbortSignal | undefined): Promise<Metadata> {
  const answer = await ask(site, { path: `${key}${metaEnding}`, signal }, [200]);
  if (answer === undefined) return {};
  try {
    return asMetadata(await answer.json());
  } catch (error) {
    checkCancelled(signal);
    if (!(error instanceof SyntaxError)) throw error;
    throw new ArtifactError('refused', `${answer.url} is damaged: it is to hold the metadata as JSON`, error);
  }
}
