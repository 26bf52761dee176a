import { ArtifactError } from '../failure.ts';
import { compareVersions } from '../versionOrder.ts';
import { type Envelope, signatureOf } from './envelope.ts';
import type { Manifest } from './manifest.ts';
import { fits, mayBeUnsigned, type Trust, type TrustedKey } from './trust.ts';

/** What is asked for, and from when it is looked at. */
export interface Wanted {
  app: string;
  channel: string;
  artifact: string;
  version: string;
  /** The lowest version that may be used. */
  minimum?: string | undefined;
  /** In milliseconds since 1970. */
  now: number;
}

/** Who stands for an artifact. */
export interface Judged {
  /** The name of the trusted key that signed it; nothing where it is not signed and need not be. */
  signedBy: string | undefined;
}

/**
 * Whether an artifact may be used by what its manifest says, before any of its bytes are read. Throws `refused` with the reason.
 * @param envelope nothing where the artifact has no manifest.
 */
export function judge(envelope: Envelope | undefined, wanted: Wanted, trust: Trust): Judged {
  const signedBy = signerOf(envelope, wanted, trust);
  if (envelope !== undefined) checkIsWanted(envelope.manifest, wanted);
  if (envelope !== undefined) checkAge(envelope.manifest, wanted, trust);
  const { minimum, version } = wanted;
  if (minimum !== undefined && compareVersions(version, minimum) < 0) {
    throw refused(wanted, `it is older than ${minimum}, the lowest version that is allowed here`);
  }
  return { signedBy };
}

/** The name of the trusted key that signed it. */
function signerOf(envelope: Envelope | undefined, wanted: Wanted, trust: Trust): string | undefined {
  const signers = envelope === undefined ? [] : knownSigners(envelope, wanted, trust);
  const fitting = signers.find((key) => fits(key.app, wanted.app) && fits(key.channel, wanted.channel));
  if (fitting !== undefined) return fitting.name;
  if (mayBeUnsigned(trust, wanted.app, wanted.channel)) return undefined;
  const [other] = signers;
  if (other !== undefined) {
    const allowed = signers.map((key) => `${key.app}/${key.channel}`).join(', ');
    throw refused(wanted, `it is signed by ${other.name}, which is trusted for ${allowed} only`);
  }
  throw refused(wanted, whyUnsigned(envelope));
}

/** The trusted keys that signed it; one whose signature is wrong is no accident. */
function knownSigners(envelope: Envelope, wanted: Wanted, trust: Trust): TrustedKey[] {
  return trust.keys.filter((one) => {
    const isRight = signatureOf(envelope, one.key);
    if (isRight === false) {
      throw refused(wanted, `its manifest was altered: the signature of ${one.name} does not fit it`);
    }
    return isRight === true;
  });
}

function whyUnsigned(envelope: Envelope | undefined): string {
  const ids = envelope?.signatures.map((one) => one.keyid).join(', ') ?? '';
  if (ids === '') {
    return 'it is not signed; sign what you upload (strata keys new), or allow it with artifacts.trust.unsigned in strata.yaml';
  }
  return `no key that is trusted here signed it, but ${ids} (trust a public key with: strata keys trust)`;
}

function checkIsWanted(manifest: Manifest, wanted: Wanted): void {
  const parts = ['app', 'channel', 'artifact', 'version'] as const;
  if (parts.every((part) => manifest[part] === wanted[part])) return;
  const { app, channel, artifact, version } = manifest;
  throw refused(wanted, `it was swapped: its manifest is that of ${app}/${channel}/${artifact} ${version}`);
}

function checkAge(manifest: Manifest, wanted: Wanted, trust: Trust): void {
  if (manifest.expires !== undefined && Date.parse(manifest.expires) <= wanted.now) {
    throw refused(wanted, `it expired at ${manifest.expires}`);
  }
  if (trust.maxAge !== undefined && wanted.now - Date.parse(manifest.created) > trust.maxAge) {
    throw refused(
      wanted,
      `it was made at ${manifest.created}, longer ago than artifacts.trust.maxAge allows`,
    );
  }
}

/** The failure of an artifact that may not be used. */
export function refused(
  { app, channel, version }: Pick<Wanted, 'app' | 'channel' | 'version'>,
  why: string,
): ArtifactError {
  return new ArtifactError('refused', `${app}/${channel} ${version} is refused: ${why}`);
}
