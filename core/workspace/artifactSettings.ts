import { joinPath } from '../text/paths.ts';
import { type Plain, plainValue } from '../yaml/plain.ts';
import type { LayerNode } from '../yaml/tree.ts';

/** What a manifest says of where artifacts are kept and whose may be used, as plain data. */
export interface ArtifactSettings {
  /** A folder's path, or a URL. */
  store?: string;
  s3?: S3Settings;
  trust?: TrustSettings;
}

/** How a server of S3 is reached, where its address alone does not tell. */
export interface S3Settings {
  region?: string;
  endpoint?: string;
  forcePathStyle?: boolean;
  checksums?: 'when-supported' | 'when-required';
}

/** Whose artifacts may be used; patterns have `*` for any letters. */
export interface TrustSettings {
  keys: { name: string; key: string; app: string; channel: string }[];
  /** Patterns `APP` or `APP/CHANNEL` of what needs no signature; `*` for all. */
  unsigned: string[];
  /** As in `90d`. */
  maxAge?: string;
}

/** Reads the manifest's key `artifacts`; a folder is relative to the manifest. What has the wrong form does not count. */
export function readArtifactSettings(
  folder: string,
  node: LayerNode | undefined,
): ArtifactSettings | undefined {
  const value = node === undefined ? undefined : asMapping(plainValue(node));
  if (value === undefined) return undefined;
  const { store } = value;
  const s3 = asMapping(value.s3);
  const trust = asMapping(value.trust);
  return {
    ...(typeof store === 'string' ? { store: isUrl(store) ? store : joinPath(folder, store) } : {}),
    ...(s3 === undefined ? {} : { s3: s3Settings(s3) }),
    ...(trust === undefined ? {} : { trust: trustSettings(trust) }),
  };
}

function s3Settings({ region, endpoint, forcePathStyle, checksums }: Record<string, Plain>): S3Settings {
  return {
    ...(isText(region) ? { region } : {}),
    ...(isText(endpoint) ? { endpoint } : {}),
    ...(typeof forcePathStyle === 'boolean' ? { forcePathStyle } : {}),
    ...(checksums === 'when-supported' || checksums === 'when-required' ? { checksums } : {}),
  };
}

function trustSettings({ keys, unsigned, maxAge }: Record<string, Plain>): TrustSettings {
  return {
    keys: (Array.isArray(keys) ? keys : []).flatMap(trustedKey),
    unsigned: unsigned === true ? ['*'] : Array.isArray(unsigned) ? unsigned.filter(isText) : [],
    ...(isText(maxAge) ? { maxAge } : {}),
  };
}

function trustedKey(value: Plain): TrustSettings['keys'] {
  const { name, key, app, channel } = asMapping(value) ?? {};
  if (!isText(key)) return [];
  const or = (text: Plain | undefined, other: string) => (isText(text) ? text : other);
  return [{ name: or(name, key), key, app: or(app, '*'), channel: or(channel, '*') }];
}

function asMapping(value: Plain | undefined): Record<string, Plain> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

function isText(value: Plain | undefined): value is string {
  return typeof value === 'string';
}

/** One letter before a colon is a drive of Windows. */
function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(text);
}
