import { ArtifactError } from '../failure.ts';

/** Metadata of an object. */
export type Metadata = Record<string, string>;

const keyPattern = /^[a-z0-9][a-z0-9_]*$/;
// What S3 takes, in bytes of keys and values together.
const mostBytes = 2048;

/** Refuses metadata that not every store could keep; `invalid`. */
export function checkMetadata(key: string, metadata: Metadata): void {
  const odd = Object.keys(metadata).find((name) => !keyPattern.test(name));
  if (odd !== undefined) {
    throw new ArtifactError(
      'invalid',
      `the metadata of ${key} cannot have the key ${JSON.stringify(odd)}: lower-case letters, digits and _ only`,
    );
  }
  const bytes = Object.entries(metadata).reduce(
    (sum, one) => sum + one[0].length + encoded(one[1]).length,
    0,
  );
  if (bytes <= mostBytes) return;
  throw new ArtifactError('invalid', `the metadata of ${key} has ${bytes} bytes: stores take ${mostBytes}`);
}

/**
 * A value as it goes into a header: what is no printable ASCII is percent-encoded UTF-8 (as yodeploy's library does), and so
 * are spaces at the ends, which would get lost.
 */
export function encoded(value: string): string {
  return value.replace(/\p{Surrogate}/gu, '\ufffd').replace(/[^\x20-\x7e]|%|^ | $/gu, encodeURIComponent);
}

/** What {@link encoded} was given; a value that somebody else wrote otherwise stays as it is. */
export function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Metadata that somebody else may have written: keys in lower case with `_` (Ceph makes it `-`), values as text. */
export function asMetadata(data: unknown): Metadata {
  if (typeof data !== 'object' || data === null) return {};
  const entries = Object.entries(data).filter(([, value]) => value !== null && value !== undefined);
  const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return Object.fromEntries(
    entries.map(([key, value]) => [key.toLowerCase().replaceAll('-', '_'), asText(value)]),
  );
}
