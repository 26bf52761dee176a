// strata-agent-VERSION-linux-ARCH.tar.gz: a folder that runs where it lies, and installs itself.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { listTree } from '../../artifact/archive/listTree.ts';
import { packArchiveFile } from '../../artifact/archive/pack.ts';
import { digests, documentFiles, lay, packagingFile, programFiles, write } from './files.mjs';

/**
 * Writes it; the same files give the same bytes.
 * @param {import('./targets.mjs').Target} target
 * @param {import('./files.mjs').PackOptions} options
 */
export async function writeTarball(target, { version, mtime, level, folder, into }) {
  lay(folder, {
    ...programFiles(target),
    ...Object.fromEntries(
      Object.entries(documentFiles(target)).map(([name, file]) => [
        name.endsWith('.md') ? `docs/${name}` : name,
        file,
      ]),
    ),
    ...Object.fromEntries(
      ['install.sh', 'strata-agent.service', 'agent.env'].map((name) => [name, packagingFile(name)]),
    ),
  });
  write(folder, 'ARCH', `${target.arch}\n`);
  // An installation keeps each build in a folder of this name.
  const all = createHash('sha256')
    .update(JSON.stringify(digests(folder, 'sha256')))
    .digest('hex');
  write(folder, 'BUILD', `${version}-${all.slice(0, 12)}\n`);
  const name = `strata-agent-${version}-linux-${target.arch}`;
  const file = join(into, `${name}.tar.gz`);
  rmSync(file, { force: true });
  await packArchiveFile(file, {
    top: name,
    sources: [{ root: folder, names: listTree(folder) }],
    mtime,
    compression: 'gzip',
    level,
  });
  return file;
}
