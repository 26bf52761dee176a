import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArtifactError } from '../failure.ts';
import { isKey } from './keys.ts';
import { localStore } from './localStore.ts';
import type { S3Options } from './s3/bucket.ts';
import type { Store } from './store.ts';

/** How a store is opened. */
export interface OpenOptions {
  /** The folder that a relative path begins in; the working directory when left out. */
  folder?: string | undefined;
  /** How long a connection may stand still, in milliseconds; half a minute when left out. */
  idleMs?: number | undefined;
  /** How to reach S3, where the address does not say it. */
  s3?: Partial<Pick<S3Options, 'region' | 'endpoint' | 'forcePathStyle' | 'checksums'>> | undefined;
}

/**
 * Opens the store of an address; nothing is read or written yet. `invalid` where it names none.
 * @param address a path or `file:` (a directory), `s3://bucket/prefix?region=…&endpoint=…&checksums=…`, or `https://…` (only for reading).
 */
export async function openStore(address: string, options: OpenOptions = {}): Promise<Store> {
  const scheme = schemeOf(address);
  if (scheme === undefined) return localStore(directory(address, options));
  if (scheme === 'file') return localStore(fileDirectory(address, options));
  if (scheme === 's3') {
    const s3 = { ...options.s3, ...readS3Address(address), idleMs: options.idleMs };
    // Amazon's client takes longer to load than the rest of the command.
    return (await import('./s3Store.ts')).s3Store(s3);
  }
  if (scheme === 'http' || scheme === 'https') {
    const site = readSite(address);
    return (await import('./httpStore.ts')).httpStore(site, options);
  }
  throw invalid(address, 'it begins with none of file:, s3:, http: and https:');
}

// One letter is a drive of Windows.
function schemeOf(address: string): string | undefined {
  return /^([a-z][a-z0-9+.-]+):/i.exec(address)?.[1]?.toLowerCase();
}

function directory(address: string, { folder = '.' }: OpenOptions): string {
  if (address.trim() === '' || address.includes('\0')) throw invalid(address, 'it is no path');
  return path.resolve(folder, address);
}

function fileDirectory(address: string, options: OpenOptions): string {
  if (!/^file:\/\//i.test(address)) return directory(address.slice('file:'.length), options);
  try {
    return fileURLToPath(address);
  } catch (error) {
    throw invalid(address, (error as Error).message);
  }
}

function readSite(address: string): string {
  const url = parse(address);
  if (url.search !== '' || url.hash !== '')
    throw invalid(address, 'a web address takes nothing behind ? or #');
  return url.href;
}

const s3Parameters = ['region', 'endpoint', 'checksums', 'path-style'];
const checksumKinds = ['when-supported', 'when-required'] as const;

/** What an `s3:` address says. */
function readS3Address(address: string): S3Options {
  const url = parse(address);
  if (url.username !== '' || url.password !== '') {
    throw invalid(
      address,
      'credentials do not belong there: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  const unknown = [...url.searchParams.keys()].find((name) => !s3Parameters.includes(name));
  if (unknown !== undefined)
    throw invalid(address, `it knows ${s3Parameters.join(', ')}, and not ${unknown}`);
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/.test(url.host))
    throw invalid(address, 's3:// has to name a bucket');
  const folder = decodeURIComponent(url.pathname).replace(/^\/|\/$/g, '');
  if (folder !== '' && !isKey(folder)) throw invalid(address, `${JSON.stringify(folder)} can be no folder`);
  const pathStyle = oneOf(address, url, 'path-style', ['true', 'false']);
  const said = {
    region: url.searchParams.get('region'),
    endpoint: endpointOf(address, url),
    checksums: oneOf(address, url, 'checksums', checksumKinds),
    forcePathStyle: pathStyle && pathStyle === 'true',
  };
  const given = Object.entries(said).filter(([, value]) => value !== undefined && value !== null);
  return {
    bucket: url.host,
    prefix: folder === '' ? '' : `${folder}/`,
    ...Object.fromEntries(given),
  };
}

function endpointOf(address: string, url: URL): string | undefined {
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint === undefined) return undefined;
  if (!/^https?:\/\//.test(endpoint) || !URL.canParse(endpoint)) {
    throw invalid(address, `the endpoint ${JSON.stringify(endpoint)} has to begin with https:// or http://`);
  }
  return endpoint;
}

function oneOf<T extends string>(
  address: string,
  url: URL,
  name: string,
  values: readonly T[],
): T | undefined {
  const given = url.searchParams.get(name);
  const found = values.find((one) => one === given);
  if (given !== null && found === undefined) throw invalid(address, `${name} is ${values.join(' or ')}`);
  return found;
}

function parse(address: string): URL {
  try {
    return new URL(address);
  } catch (error) {
    throw invalid(address, 'it cannot be read as a URL', error);
  }
}

function invalid(address: string, why: string, cause?: unknown): ArtifactError {
  // What may be a password is not to be shown.
  const shown = address.replace(/\/\/[^/@]*@/, '//…@');
  return new ArtifactError('invalid', `${JSON.stringify(shown)} names no store: ${why}`, cause);
}
