import fs from 'node:fs';
import { type ByteName, byteName, systemPath } from './names.ts';

/**
 * All that is in a folder, to any depth and folders included, as paths below it for `PackSource.names`. Links are told
 * and not followed. Throws the system's errors.
 */
export function listTree(root: string): Buffer[] {
  const found: Buffer[] = [];
  const base = byteName(root);
  const waiting: ByteName[] = [''];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const options = { withFileTypes: true, encoding: 'buffer' } as const;
    for (const entry of fs.readdirSync(systemPath(folder === '' ? base : `${base}/${folder}`), options)) {
      const name = byteName(entry.name);
      const path = folder === '' ? name : `${folder}/${name}`;
      found.push(Buffer.from(path, 'latin1'));
      if (entry.isDirectory()) waiting.push(path);
    }
  }
  return found;
}
