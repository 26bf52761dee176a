import fs from 'node:fs';
import { type ByteName, byteName, systemPath, textName } from './names.ts';

/**
 * All that is in a folder, to any depth and folders included, as paths below it for `PackSource.names`. Links are told
 * and not followed. Throws the system's errors.
 */
export function listTree(root: string): (string | Buffer)[] {
  const found: (string | Buffer)[] = [];
  const base = byteName(root);
  const waiting: ByteName[] = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const options = { withFileTypes: true, encoding: 'buffer' } as const;
    for (const entry of fs.readdirSync(systemPath(folder === '' ? base : `${base}/${folder}`), options)) {
      const name = byteName(entry.name);
      const path = folder === '' ? name : `${folder}/${name}`;
      found.push(textName(path) ?? Buffer.from(path, 'latin1'));
      if (entry.isDirectory()) waiting.push(path);
    }
  }
  return found;
}
