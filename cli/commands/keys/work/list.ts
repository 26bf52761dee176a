import { keyNames, keysFolder, loadKey } from '../../../../artifact/signing/keyFiles.ts';
import { trustedKeys } from '../../../../artifact/signing/trustFile.ts';
import { printJson } from '../../../output/json.ts';
import { colorsFor } from '../../../output/problems.ts';
import { tableText } from '../../../output/table.ts';

interface Listed {
  name: string;
  id: string;
  key: string;
  /** Whether it can sign here. */
  signs: boolean;
  /** What it is trusted for; null where it is not. */
  trusted: { app: string; channel: string } | null;
}

/** Prints the keys to sign with, and those that are trusted. */
export function listKeys({ json }: { json?: true }): void {
  const folder = keysFolder();
  const keys = listedKeys(folder);
  if (json) {
    printJson({ folder, keys });
    return;
  }
  if (keys.length === 0) process.stderr.write(`no keys in ${folder}\n`);
  const rows = keys.map(({ name, id, key, signs, trusted }) => {
    const of = trusted === null ? '-' : `${trusted.app}/${trusted.channel}`;
    return [name, id, signs ? 'yes' : '', of, key];
  });
  process.stdout.write(
    tableText(['name', 'id', 'signs', 'trusted for', 'key'], rows, colorsFor(process.stdout)),
  );
}

function listedKeys(folder: string): Listed[] {
  const trusted = trustedKeys(folder).map(({ name, key, app, channel }): Listed => {
    return { name, id: key.id, key: key.text, signs: false, trusted: { app, channel } };
  });
  const own = keyNames(folder).map((name) => loadKey(folder, name));
  const untrusted = own.filter((one) => !trusted.some((other) => other.id === one.public.id));
  return [
    ...trusted.map((one) => ({ ...one, signs: own.some((other) => other.public.id === one.id) })),
    ...untrusted.map(({ name, public: { id, text } }) => ({
      name,
      id,
      key: text,
      signs: true,
      trusted: null,
    })),
  ];
}
