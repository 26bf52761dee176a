import fs from 'node:fs';
import path from 'node:path';
import { keysFolder } from '../../artifact/signing/keyFiles.ts';
import { isObject, parsed } from '../../artifact/signing/manifest.ts';
import type { Credentials } from '../../remote/credentials.ts';
import { WorkError } from '../failure.ts';

/** Finds what a box is asked with, by its name. */
export type CredentialsOf = (box: string) => Credentials;

/** The user's file of credentials: `strata/credentials.json` in `XDG_CONFIG_HOME`, or in `~/.config`. */
export function credentialsFile(env: NodeJS.ProcessEnv = process.env): string {
  return path.join(path.dirname(keysFolder(env)), 'credentials.json');
}

/**
 * Tokens by the name of the box: `STRATA_TOKEN_BOX` (in capitals, `_` for what is no letter or digit), then `STRATA_TOKEN`, then the file
 * `{"boxes": {"NAME": {"token": "…", "fingerprint": "…"}}}`, where `*` stands for all boxes. Throws for a file that cannot be read, or that
 * others may read. Beside them, `certificate` and `key` name files that are shown to agents which want a certificate.
 */
export function readCredentials(env: NodeJS.ProcessEnv = process.env): CredentialsOf {
  const known = fileEntries(credentialsFile(env));
  return (box) => {
    const own = `STRATA_TOKEN_${box.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`;
    const said = { ...known.get('*'), ...known.get(box) };
    const token = env[own] || env.STRATA_TOKEN || said.token;
    return { ...said, ...(token === undefined ? {} : { token }) };
  };
}

function fileEntries(file: string): Map<string, Credentials> {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return new Map();
  // Windows keeps no such modes.
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw new WorkError(`others may read the tokens in ${file}: run chmod 600 on it`);
  }
  const value = parsed(fs.readFileSync(file, 'utf8'));
  const boxes = isObject(value) ? value.boxes : undefined;
  if (!isObject(boxes)) throw unreadable(file);
  return new Map(Object.entries(boxes).map(([name, one]) => [name, readEntry(file, one)]));
}

function readEntry(file: string, value: unknown): Credentials {
  if (!isObject(value)) throw unreadable(file);
  const { token, fingerprint } = value;
  if (token !== undefined && typeof token !== 'string') throw unreadable(file);
  if (fingerprint !== undefined && typeof fingerprint !== 'string') throw unreadable(file);
  const certificate = readCertificate(file, value);
  return {
    ...(token === undefined ? {} : { token }),
    ...(fingerprint === undefined ? {} : { fingerprint: plainFingerprint(fingerprint) }),
    ...(certificate === undefined ? {} : { certificate }),
  };
}

/** The two files are named from the folder of the file of credentials. */
function readCertificate(
  file: string,
  { certificate, key }: Readonly<Record<string, unknown>>,
): Credentials['certificate'] {
  if (certificate === undefined && key === undefined) return undefined;
  if (typeof certificate !== 'string' || typeof key !== 'string') throw unreadable(file);
  const text = (name: string) => fs.readFileSync(path.resolve(path.dirname(file), name), 'utf8');
  return { text: text(certificate), key: text(key) };
}

/** `sha256:ab12…` and `AB:12:…` are one. */
function plainFingerprint(text: string): string {
  const digits = text
    .replace(/^sha-?256[:=]/i, '')
    .replaceAll(':', '')
    .toUpperCase();
  return digits.replace(/(..)(?=.)/g, '$1:');
}

function unreadable(file: string): WorkError {
  return new WorkError(
    `${file} holds no credentials: write {"boxes": {"NAME": {"token": "…", "fingerprint": "sha256:…"}}}`,
  );
}
