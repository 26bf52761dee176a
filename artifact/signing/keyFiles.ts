import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ArtifactError } from '../failure.ts';
import { checkArtifactName } from '../names.ts';
import {
  makeSigningKey,
  type PublicKey,
  readPublicKey,
  readSigningKey,
  type SigningKey,
  signingKeyPem,
} from './keys.ts';

/** The folder of the user's keys: `strata/keys` in `XDG_CONFIG_HOME`, or in `~/.config`. */
export function keysFolder(env: NodeJS.ProcessEnv = process.env): string {
  const given = env.XDG_CONFIG_HOME;
  const home = given !== undefined && path.isAbsolute(given) ? given : path.join(os.homedir(), '.config');
  return path.join(home, 'strata', 'keys');
}

/** Makes a key in `NAME.key`, for its owner's eyes only, and its public part in `NAME.pub`; `exists`. */
export function createKey(folder: string, name: string): SigningKey {
  checkArtifactName('a key', name);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const key = makeSigningKey(name);
  try {
    fs.writeFileSync(privateFile(folder, name), signingKeyPem(key), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new ArtifactError('exists', `there is a key ${name} already: ${privateFile(folder, name)}`);
  }
  fs.writeFileSync(publicFile(folder, name), `${key.public.text}\n`);
  return key;
}

/** The names of the keys to sign with, sorted. */
export function keyNames(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  const files = fs.readdirSync(folder).filter((file) => file.endsWith('.key'));
  return files.map((file) => file.slice(0, -'.key'.length)).sort();
}

/** Reads a key to sign with; `missing` where there is none, `refused` where others may read it too. */
export function loadKey(folder: string, name: string): SigningKey {
  const file = privateFile(folder, checkArtifactName('a key', name));
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) {
    const known = keyNames(folder).join(', ') || 'none';
    throw new ArtifactError('missing', `there is no key ${name} in ${folder} (there are: ${known})`);
  }
  // Windows keeps no such modes.
  if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) {
    throw new ArtifactError('refused', `others may read the private key ${file}: run chmod 600 on it`);
  }
  return readSigningKey(name, fs.readFileSync(file, 'utf8'));
}

/**
 * The key to sign with: the one that is named, or the only one that there is; nothing where there is none. `invalid` where
 * several are there and none is named.
 */
export function chosenKey(folder: string, name: string | undefined): SigningKey | undefined {
  if (name !== undefined) return loadKey(folder, name);
  const names = keyNames(folder);
  const [only] = names;
  if (only === undefined) return undefined;
  if (names.length === 1) return loadKey(folder, only);
  throw new ArtifactError('invalid', `name the key to sign with (--key): ${names.join(', ')}`);
}

/** A public key as it is given on the command line: the key itself, or a file that holds one; `invalid`. */
export function publicKeyFrom(given: string): PublicKey {
  if (given.startsWith('ed25519:') || given.startsWith('-----BEGIN')) return readPublicKey(given);
  if (!fs.existsSync(given)) {
    throw new ArtifactError('invalid', `${given} is neither a file nor a public key (ed25519:…)`);
  }
  return readPublicKey(fs.readFileSync(given, 'utf8'));
}

function privateFile(folder: string, name: string): string {
  return path.join(folder, `${name}.key`);
}

function publicFile(folder: string, name: string): string {
  return path.join(folder, `${name}.pub`);
}
