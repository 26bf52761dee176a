// Where things are: the project's folder, the cache outside of it, and a run's own temporary folder.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atShutdown } from './shutdown.mjs';

/** The project's root folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The folder that outlives the clone: downloads and the VS Code host are kept there. */
export function cacheRoot() {
  return process.env.STRATA_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'strata');
}

const RUN_PREFIX = 'strata-run-';
const DAY = 24 * 3600 * 1000;

// VS Code puts Unix sockets into a folder below; their whole path must stay under 108 bytes.
const LONGEST_TEMP = 40;

/**
 * A temporary folder for one run. `remove` deletes it; a signal that ends the run does so too.
 * What runs that were killed outright left behind is swept once it is a day old.
 */
export function runFolder() {
  const parent = tmpdir().length > LONGEST_TEMP ? '/tmp' : tmpdir();
  sweep(parent, RUN_PREFIX, DAY);
  const dir = mkdtempSync(join(parent, RUN_PREFIX));
  const remove = () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  const forget = atShutdown(remove, 'last');
  return {
    dir,
    remove() {
      forget();
      remove();
    },
  };
}

/**
 * Deletes the entries of a folder that begin with a prefix and were last changed `age` milliseconds ago.
 * @param {string} parent
 * @param {string} prefix
 * @param {number} age
 */
export function sweep(parent, prefix, age) {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(parent, name);
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (changed === undefined || Date.now() - changed < age) continue;
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Another user's: theirs to sweep.
    }
  }
}
