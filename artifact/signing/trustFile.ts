import fs from 'node:fs';
import path from 'node:path';
import { ArtifactError } from '../failure.ts';
import { readPublicKey } from './keys.ts';
import { isObject, parsed } from './manifest.ts';
import type { TrustedKey } from './trust.ts';

const fileName = 'trusted.json';

/** The keys that the user trusts, from `trusted.json` in the folder of keys; `invalid` where it cannot be read. */
export function trustedKeys(folder: string): TrustedKey[] {
  const file = path.join(folder, fileName);
  if (!fs.existsSync(file)) return [];
  const value = parsed(fs.readFileSync(file, 'utf8'));
  const keys = isObject(value) ? value.keys : undefined;
  if (!Array.isArray(keys)) throw unreadable(file);
  return keys.map((one: unknown) => {
    if (!isObject(one) || typeof one.key !== 'string') throw unreadable(file);
    const { name = '', app = '*', channel = '*' } = one;
    return { name: String(name), key: readPublicKey(one.key), app: String(app), channel: String(channel) };
  });
}

/** Trusts a key from now on; one that was trusted by the same name is replaced. */
export function trustKey(folder: string, added: TrustedKey): void {
  const kept = trustedKeys(folder).filter((one) => one.name !== added.name);
  const keys = [...kept, added].map(({ name, key, app, channel }) => ({ name, key: key.text, app, channel }));
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, fileName);
  // Whoever reads meanwhile sees the list before or after, never a part of it.
  const staged = `${file}.${process.pid}`;
  fs.writeFileSync(staged, `${JSON.stringify({ keys }, null, 2)}\n`);
  fs.renameSync(staged, file);
}

function unreadable(file: string): ArtifactError {
  return new ArtifactError(
    'invalid',
    `${file} is no list of trusted keys: mend it, or remove it and trust them anew`,
  );
}
