// What the packages of the agent are made of.
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listTree } from '../../artifact/archive/listTree.ts';
import { root } from '../lib/paths.mjs';

const PACKAGING = join(root, 'packaging', 'agent');

/**
 * How a package is made.
 * @typedef {object} PackOptions
 * @property {string} version
 * @property {number} mtime what all files say that they were changed at, in seconds
 * @property {number} level of compression
 * @property {string} folder a new one to work in
 * @property {string} into where the package goes
 */

/**
 * The files that a packaged agent runs from.
 * @param {import('./targets.mjs').Target} target
 * @returns {Record<string, string>} by their paths in the package
 */
export function programFiles({ folder }) {
  return {
    'bin/node': join(folder, 'bin', 'node'),
    'bin/strata-agent': join(PACKAGING, 'strata-agent'),
    'lib/agent.js': join(root, 'dist', 'agent.js'),
    'schemas/strata-agent.schema.json': join(root, 'schemas', 'strata-agent.schema.json'),
  };
}

/**
 * What people read of it.
 * @param {import('./targets.mjs').Target} target
 * @returns {Record<string, string>}
 */
export function documentFiles({ folder }) {
  const docs = ['agent.md', 'boxes.md', 'deployments.md'];
  return {
    ...Object.fromEntries(docs.map((name) => [name, join(root, 'docs', name)])),
    LICENSE: join(root, 'LICENSE'),
    'LICENSE.node': join(folder, 'LICENSE'),
    'THIRD_PARTY_NOTICES.txt': join(root, 'dist', 'THIRD_PARTY_NOTICES.txt'),
  };
}

/**
 * A file of `packaging/agent/`.
 * @param {string[]} name
 */
export function packagingFile(...name) {
  return join(PACKAGING, ...name);
}

/**
 * Copies files into a folder.
 * @param {string} into
 * @param {Record<string, string>} files by their paths there
 */
export function lay(into, files) {
  for (const [name, file] of Object.entries(files)) {
    mkdirSync(dirname(join(into, name)), { recursive: true });
    cpSync(file, join(into, name));
    if (name.startsWith('bin/')) chmodSync(join(into, name), 0o755);
  }
}

/**
 * Writes a text of the package's own into a folder.
 * @param {string} into
 * @param {string} name
 * @param {string} text
 */
export function write(into, name, text) {
  mkdirSync(dirname(join(into, name)), { recursive: true });
  writeFileSync(join(into, name), text);
}

/**
 * A digest of each file in a folder (links are none), in the order of their names.
 * @param {string} folder
 * @param {'sha256' | 'md5'} algorithm
 */
export function digests(folder, algorithm) {
  return listTree(folder)
    .map(String)
    .sort()
    .filter((name) => lstatSync(join(folder, name)).isFile())
    .map((name) => {
      const bytes = readFileSync(join(folder, name));
      return { name, digest: createHash(algorithm).update(bytes).digest('hex'), size: bytes.length };
    });
}
