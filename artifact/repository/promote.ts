import { ArtifactError } from '../failure.ts';
import { checkArtifactName } from '../names.ts';
import type { SigningKey } from '../signing/keys.ts';
import type { Manifest } from '../signing/manifest.ts';
import { type Artifact, head } from './head.ts';
import { versionKey } from './layout.ts';
import { checkMaySign, publish } from './publish.ts';
import type { Repository, Series, WorkOptions } from './repository.ts';
import { callOptions } from './texts.ts';
import type { Uploaded } from './upload.ts';
import { digestOf } from './verify.ts';

/** What is promoted, and where to. */
export interface PromoteRequest extends WorkOptions {
  /** The version; the latest when left out. */
  version?: string | undefined;
  /** The channel that gets it. */
  to: string;
  /** Nothing where that channel may do without signatures. */
  key?: SigningKey | undefined;
}

/**
 * Gives another channel a version that may be used, by the same bytes. The manifest says which channel a version is for, so the
 * new channel's is signed anew: who promotes needs a key that is trusted for that channel. `missing`, `exists`, `refused`.
 */
export async function promote(repo: Repository, from: Series, request: PromoteRequest): Promise<Uploaded> {
  const to = { ...from, channel: checkArtifactName('a channel', request.to) };
  if (to.channel === from.channel) {
    throw new ArtifactError(
      'invalid',
      `it is on ${from.channel} already: name another channel to promote it to`,
    );
  }
  checkMaySign(repo, to, request.key);
  const artifact = await head(repo, from, { version: request.version, ...callOptions(request) });
  const manifest = await manifestFor(repo, from, to, artifact, request);
  const put = (key: string, metadata: Record<string, string>) =>
    repo.store.copy(versionKey(from, artifact.version), key, { metadata, ...callOptions(request) });
  return { manifest, latest: await publish(repo, manifest, request.key, put, callOptions(request)) };
}

/** The bytes are as old as they were, and may be used for as long. */
async function manifestFor(
  repo: Repository,
  from: Series,
  to: Series,
  artifact: Artifact,
  options: WorkOptions,
): Promise<Manifest> {
  const { version, size, created, expires, metadata } = artifact;
  // What yodeploy uploaded has no digest to sign.
  const sha256 = artifact.sha256 ?? (await digestOf(repo, from, artifact, options));
  return {
    ...to,
    ...{ version, sha256, size, created, metadata },
    promotedFrom: from.channel,
    ...(expires === undefined ? {} : { expires }),
  };
}
