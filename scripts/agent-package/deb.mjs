// strata-agent_VERSION_ARCH.deb: an `ar` of the format's version and two tars (deb(5)).
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { compressed, pieceBytes, piecesAtOnce } from '../../artifact/archive/compress.ts';
import { listTree } from '../../artifact/archive/listTree.ts';
import { planEntries } from '../../artifact/archive/plan.ts';
import { tarPieces } from '../../artifact/archive/tarPieces.ts';
import { digests, documentFiles, lay, packagingFile, programFiles, write } from './files.mjs';

const SCRIPTS = ['preinst', 'postinst', 'prerm', 'postrm'];
const CONFIG = 'etc/strata/agent.env';

/**
 * Writes it; the same files give the same bytes.
 * @param {import('./targets.mjs').Target} target
 * @param {import('./files.mjs').PackOptions} options
 */
export async function writeDeb(target, { version, mtime, level, folder, into }) {
  const data = join(folder, 'data');
  const control = join(folder, 'control');
  layData(target, data);
  layControl(target, version, data, control);
  const file = join(into, `strata-agent_${version}_${target.debian}.deb`);
  const staged = `${file}.part`;
  rmSync(staged, { force: true });
  writeFileSync(staged, '!<arch>\n');
  put(staged, 'debian-binary', mtime, Buffer.from('2.0\n'));
  put(staged, 'control.tar.gz', mtime, await tarOf(control, mtime, level));
  put(staged, 'data.tar.gz', mtime, await tarOf(data, mtime, level));
  renameSync(staged, file);
  return file;
}

/**
 * @param {import('./targets.mjs').Target} target
 * @param {string} data
 */
function layData(target, data) {
  const below = (/** @type {string} */ folder, /** @type {Record<string, string>} */ files) =>
    Object.fromEntries(Object.entries(files).map(([name, file]) => [`${folder}/${name}`, file]));
  lay(join(data, 'usr/lib/strata-agent'), programFiles(target));
  lay(data, {
    ...below('usr/share/doc/strata-agent', documentFiles(target)),
    'usr/lib/systemd/system/strata-agent.service': packagingFile('strata-agent.service'),
    [CONFIG]: packagingFile('agent.env'),
  });
  const { LICENSE: license = '' } = documentFiles(target);
  copyFileSync(license, join(data, 'usr/share/doc/strata-agent/copyright'));
  mkdirSync(join(data, 'usr/bin'));
  symlinkSync('../lib/strata-agent/bin/strata-agent', join(data, 'usr/bin/strata-agent'));
}

/**
 * @param {import('./targets.mjs').Target} target
 * @param {string} version
 * @param {string} data
 * @param {string} control
 */
function layControl({ debian }, version, data, control) {
  const files = digests(data, 'md5');
  const kilobytes = files.reduce((sum, { size }) => sum + Math.ceil(size / 1024), 0);
  write(
    control,
    'control',
    `Package: strata-agent
Version: ${version}
Architecture: ${debian}
Maintainer: Strata <strata@localhost>
Installed-Size: ${kilobytes}
Depends: util-linux, ca-certificates, libc6 (>= 2.28), libstdc++6
Section: admin
Priority: optional
Description: carries out deployments on a box, and tells what it does
 The agent of Strata: a service that deploys versions of apps, runs their
 hooks, checks their health, and goes back to the release before where
 something fails. It brings its own Node along.
`,
  );
  write(control, 'conffiles', `/${CONFIG}\n`);
  const sums = files.filter(({ name }) => name !== CONFIG).map(({ name, digest }) => `${digest}  ${name}\n`);
  write(control, 'md5sums', sums.join(''));
  for (const name of SCRIPTS) copyFileSync(packagingFile('debian', name), join(control, name));
}

/**
 * A folder as a compressed tar whose names begin with `./`, as dpkg wants them.
 * @param {string} folder
 * @param {number} mtime
 * @param {number} level
 */
async function tarOf(folder, mtime, level) {
  const entries = await planEntries('.', [{ root: folder, names: listTree(folder) }]);
  const pieces = tarPieces(entries, mtime, pieceBytes, piecesAtOnce() + 1);
  const parts = [];
  for await (const part of compressed(pieces, 'gzip', level)) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

/**
 * Appends a member to an `ar`: a header of 60 characters, the bytes, and one more where their number is odd.
 * @param {string} file
 * @param {string} name
 * @param {number} mtime
 * @param {Buffer} bytes
 */
function put(file, name, mtime, bytes) {
  const fields = [
    name.padEnd(16),
    String(mtime).padEnd(12),
    '0'.padEnd(6),
    '0'.padEnd(6),
    '100644'.padEnd(8),
  ];
  appendFileSync(file, `${fields.join('')}${String(bytes.length).padEnd(10)}\`\n`);
  appendFileSync(file, bytes);
  if (bytes.length % 2 === 1) appendFileSync(file, '\n');
}
