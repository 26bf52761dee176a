import { isArtifactName } from '../names.ts';

/** What is signed of an artifact: which one it is, and its bytes by their digest. */
export interface Manifest {
  app: string;
  channel: string;
  artifact: string;
  version: string;
  /** Of the artifact's bytes, as 64 hexadecimal digits. */
  sha256: string;
  /** In bytes. */
  size: number;
  /** When it was made, and until when it may be used, as in `2026-02-28T13:45:00.000Z`. */
  created: string;
  expires?: string;
  /** The channel that it came from, where it was promoted. */
  promotedFrom?: string;
  /** What is known of the build. */
  metadata: Readonly<Record<string, string>>;
}

/** The kind of bytes that is signed, told along with them so that they pass for nothing else. */
export const manifestType = 'application/vnd.strata.artifact+json';

/**
 * The bytes of a manifest, the same for equal manifests: JSON in UTF-8 without spaces, the keys of every object in the order of
 * their code units, no key without a value.
 */
export function manifestBytes(manifest: Manifest): Buffer {
  return Buffer.from(JSON.stringify(sorted(manifest)));
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, of]) => of !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, of]) => [key, sorted(of)]));
}

/** Reads a manifest; nothing where it is none. Keys that are not known are left out. */
export function readManifest(bytes: Uint8Array): Manifest | undefined {
  const value = parsed(Buffer.from(bytes).toString('utf8'));
  if (!isObject(value)) return undefined;
  const { app, channel, artifact, version, sha256, size, created, expires, promotedFrom, metadata } = value;
  const names = [app, channel, artifact, version];
  if (!names.every((one): one is string => typeof one === 'string' && isArtifactName(one))) return undefined;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
  if (!isTime(created) || !(expires === undefined || isTime(expires))) return undefined;
  if (!isTexts(metadata) || !(promotedFrom === undefined || typeof promotedFrom === 'string'))
    return undefined;
  return {
    ...{ app: String(app), channel: String(channel), artifact: String(artifact), version: String(version) },
    ...{ sha256, size, created, metadata },
    ...(expires === undefined ? {} : { expires }),
    ...(promotedFrom === undefined ? {} : { promotedFrom }),
  };
}

/** The value of a JSON text; nothing where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object whose keys can be looked at. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((one) => typeof one === 'string');
}

function isTime(value: unknown): value is string {
  return (
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value))
  );
}
