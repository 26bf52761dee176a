import path from 'node:path';
import { createKey, keysFolder } from '../../../../artifact/signing/keyFiles.ts';
import { trustKey } from '../../../../artifact/signing/trustFile.ts';

/** Makes a key, and trusts it unless it is not to be. */
export function makeKey(name: string, { trust }: { trust: boolean }): void {
  const folder = keysFolder();
  const key = createKey(folder, name);
  if (trust) trustKey(folder, { name, key: key.public, app: '*', channel: '*' });
  process.stdout.write(`${key.public.text}\n`);
  process.stderr.write(
    `made ${path.join(folder, `${name}.key`)}; elsewhere it is trusted with: strata keys trust ${key.public.text}\n`,
  );
}
