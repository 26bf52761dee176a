// The systems that the agent is packaged for.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';

/**
 * A system that the agent is packaged for, by the npm package that brings its Node.
 * @typedef {object} Target
 * @property {string} arch as Node names it
 * @property {string} debian as Debian does
 * @property {string} folder of the npm package
 */

/** Those whose Node is among the npm packages here. */
export function targets() {
  return [
    { arch: 'x64', debian: 'amd64' },
    { arch: 'arm64', debian: 'arm64' },
  ]
    .map((one) => ({ ...one, folder: join(root, 'node_modules', `node-linux-${one.arch}`) }))
    .filter(({ folder }) => existsSync(join(folder, 'bin', 'node')));
}
