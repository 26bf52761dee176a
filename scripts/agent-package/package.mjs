// Packs the agent with a Node of its own, for each Linux whose Node is among the npm packages.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from '../lib/log.mjs';
import { root, runFolder } from '../lib/paths.mjs';
import { writeDeb } from './deb.mjs';
import { writeTarball } from './tarball.mjs';
import { targets } from './targets.mjs';

/**
 * Writes the packages, from the bundles of `scripts/build.mjs`; the same sources give the same bytes.
 * @param {{ into?: string, version?: string, level?: number, systems?: import('./targets.mjs').Target[] }} [options] the
 * folder that they go to, another version than the project's, how well they are compressed, and for which systems
 * @returns {Promise<string[]>} the files
 */
export async function packageAgent({
  into = join(root, 'dist'),
  version = projectVersion(),
  level = 6,
  systems = targets(),
} = {}) {
  if (!existsSync(join(root, 'dist', 'agent.js')))
    throw new PlainError('dist/agent.js is not there: run `npm run build` first.');
  mkdirSync(into, { recursive: true });
  const mtime = timeOfSources();
  const work = runFolder();
  try {
    const files = [];
    for (const target of systems) {
      for (const pack of [writeTarball, writeDeb]) {
        const folder = join(work.dir, 'package');
        files.push(await pack(target, { version, mtime, level, folder, into }));
        rmSync(folder, { recursive: true });
      }
    }
    return files;
  } finally {
    work.remove();
  }
}

function projectVersion() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}

/** What the files in the packages say that they were changed at: the commit's time, in seconds. */
function timeOfSources() {
  const { SOURCE_DATE_EPOCH } = process.env;
  if (SOURCE_DATE_EPOCH) return Number(SOURCE_DATE_EPOCH);
  try {
    return Number(
      execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8', stdio: 'pipe' }),
    );
  } catch {
    // No clone of it: any time will do that is always the same. The year 2000.
    return 946_684_800;
  }
}
