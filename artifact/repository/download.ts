import fs from 'node:fs/promises';
import path from 'node:path';
import { ArtifactError } from '../failure.ts';
import { refused } from '../signing/judge.ts';
import { fetchBytes } from './fetchBytes.ts';
import { type Artifact, type Asked, head } from './head.ts';
import { openPartial, type PartialFile } from './partialFile.ts';
import type { Repository, Series, WorkOptions } from './repository.ts';

/** What is downloaded, and where to. */
export interface DownloadRequest extends Asked, WorkOptions {
  /** The file that it becomes; one that is there is replaced. */
  file: string;
  /** Whether its bytes are to be on the disk, too, when it appears: yes when left out. */
  isLasting?: boolean;
}

/**
 * Downloads a version into a file that appears when its digest and its signature have been checked, and not before. One that was
 * broken off goes on where it was. `missing`; `refused` with the reason, and then nothing of it is kept.
 */
export async function download(
  repo: Repository,
  series: Series,
  request: DownloadRequest,
): Promise<Artifact> {
  const target = path.resolve(request.file);
  await checkIsNoFolder(target);
  const artifact = await head(repo, series, request);
  for (;;) {
    const partial = await openPartial(target, artifact.sha256 ?? '');
    const isRight = await fill(repo, artifact, partial, request);
    if (isRight) return await finished(artifact, partial, request.isLasting ?? true);
    await partial.discard();
    // What was left from before may be what is wrong.
    if (partial.resumed === 0) throw wrongDigest(artifact, partial);
  }
}

async function finished(artifact: Artifact, partial: PartialFile, isLasting: boolean): Promise<Artifact> {
  try {
    await partial.finish(isLasting);
    return artifact;
  } catch (error) {
    await partial.discard().catch(() => undefined);
    throw error;
  }
}

/** Whether the bytes are what they should be, as far as that is known. */
async function fill(
  repo: Repository,
  artifact: Artifact,
  partial: PartialFile,
  request: DownloadRequest,
): Promise<boolean> {
  const { version, size, sha256 } = artifact;
  if (partial.size > size || (sha256 === undefined && partial.resumed > 0)) return false;
  try {
    await fetchBytes(repo, artifact, version, { start: partial.size, size }, partial.append, request);
  } catch (error) {
    const isHarmless = !(error instanceof ArtifactError) || error.code !== 'refused';
    // Without a digest nobody could tell whether the rest fits it.
    await (isHarmless && sha256 !== undefined ? partial.leave() : partial.discard());
    throw error;
  }
  return sha256 === undefined || partial.hash.copy().digest('hex') === sha256;
}

function wrongDigest(artifact: Artifact, { hash }: PartialFile): ArtifactError {
  const sums = `they have the SHA-256 ${hash.digest('hex')}, and should have ${artifact.sha256}`;
  return refused(artifact, `its bytes were altered: ${sums}`);
}

async function checkIsNoFolder(target: string): Promise<void> {
  const stat = await fs.stat(target).catch(() => undefined);
  if (stat?.isDirectory()) throw new ArtifactError('invalid', `${target} is a folder: name a file`);
}
