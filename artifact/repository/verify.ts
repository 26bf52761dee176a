import { createHash } from 'node:crypto';
import { refused } from '../signing/judge.ts';
import { fetchBytes } from './fetchBytes.ts';
import { type Artifact, type Asked, head } from './head.ts';
import type { Repository, Series, WorkOptions } from './repository.ts';

/** Reads all bytes of a version and checks them as a download does; `missing`, and `refused` with the reason. */
export async function verify(
  repo: Repository,
  series: Series,
  asked: Asked & WorkOptions,
): Promise<Artifact> {
  const artifact = await head(repo, series, asked);
  const digest = await digestOf(repo, series, artifact, asked);
  if (artifact.sha256 === undefined || digest === artifact.sha256) return artifact;
  throw refused(
    artifact,
    `its bytes were altered: they have the SHA-256 ${digest}, and should have ${artifact.sha256}`,
  );
}

/** The SHA-256 of a version's bytes as they are. */
export async function digestOf(
  repo: Repository,
  series: Series,
  { version, size }: { version: string; size: number },
  options: WorkOptions,
): Promise<string> {
  const hash = createHash('sha256');
  const sink = (chunk: Buffer) => void hash.update(chunk);
  await fetchBytes(repo, series, version, { start: 0, size }, sink, options);
  return hash.digest('hex');
}
