import path from 'node:path';
import { checkArtifactName } from '../../../../artifact/names.ts';
import { keysFolder, publicKeyFrom } from '../../../../artifact/signing/keyFiles.ts';
import { trustKey } from '../../../../artifact/signing/trustFile.ts';

interface Options {
  name?: string;
  app: string;
  channel: string;
}

/** Trusts a public key, or one in a file. */
export function trustGiven(given: string, { name, app, channel }: Options): void {
  const key = publicKeyFrom(given);
  const stem = given.startsWith('ed25519:') ? key.id : path.basename(given).replace(/\.[^.]*$/, '');
  const trusted = { name: checkArtifactName('a key', name ?? stem), key, app, channel };
  trustKey(keysFolder(), trusted);
  process.stderr.write(`trusting ${trusted.name} (${key.id}) for ${app}/${channel}\n`);
}
