import fs from 'node:fs';
import path from 'node:path';
import { ArtifactError } from '../../failure.ts';
import { lockFile, type NodePackage } from '../conventions.ts';
import { note, runIn, type Work } from '../work.ts';
import { ask } from './ask.ts';
import { fetchFolder, move, moveIn, storeFolder } from './folderCache.ts';
import { cacheName } from './key.ts';

const folderName = 'node_modules';

/** Beside npm's own list in there: which cache name it has, and when npm last wrote that list. */
const markName = '.strata';
const npmList = '.package-lock.json';

const questions =
  'console.log([process.versions.modules, process.platform, process.arch].join("\\n"), process.report?.getReport().header.glibcVersionRuntime === undefined ? "\\nother" : "\\nglibc")';

/**
 * The app's node modules, as its lock file names them: those that are there, those that another build has made, or what
 * `npm ci` brings, which is then kept for others.
 */
export async function prepareNodeModules(work: Work, nodePackage: NodePackage): Promise<void> {
  const { folder, signal, env } = work;
  const lock = lockFile(folder);
  if (lock === undefined) {
    if (!nodePackage.hasDependencies) return;
    const message = 'there is no package-lock.json: run `npm install`, and commit what it writes';
    throw new ArtifactError('failed', message);
  }
  const answer = await ask('node', ['-e', questions], { env, signal, cwd: folder });
  const [abi = '', platform = '', arch = '', libc = ''] = answer.split('\n').map((line) => line.trim());
  const texts = [lock, path.join(folder, 'package.json'), path.join(folder, '.npmrc')].map(textOf);
  const name = cacheName('node-modules', [abi, `${platform}_${arch}`], [libc, ...texts]);
  const target = path.join(folder, folderName);
  if (markOf(target) === markText(target, name)) {
    work.nodeModules = name;
    return note(work, 'the node modules are as the lock file names them');
  }
  const fetched = nodePackage.hasDependencies ? await fetchFolder(work, name, folderName) : undefined;
  if (fetched !== undefined) {
    fs.writeFileSync(path.join(fetched, markName), markText(fetched, name));
    work.nodeModules = name;
    return moveIn(work, fetched, target);
  }
  await install(work, target);
  if (!fs.existsSync(path.join(target, npmList))) return;
  work.nodeModules = name;
  await storeFolder(work, name, target, folderName);
  fs.writeFileSync(path.join(target, markName), markText(target, name));
}

/** npm takes away what is there and writes it anew: should that fail, what was there comes back. */
async function install(work: Work, target: string): Promise<void> {
  const old = path.join(work.places.staging, `old-${folderName}`);
  const isThere = fs.lstatSync(target, { throwIfNoEntry: false }) !== undefined;
  if (isThere) move(target, old);
  const bringBack = () => {
    fs.rmSync(target, { recursive: true, force: true });
    if (isThere) move(old, target);
  };
  const forget = work.undo.add(bringBack);
  const args = ['ci', '--no-audit', '--no-fund'];
  try {
    await runIn(work, { name: 'npm ci', command: 'npm', args }, { npm_config_update_notifier: 'false' });
  } catch (error) {
    bringBack();
    throw error;
  } finally {
    forget();
  }
  fs.rmSync(old, { recursive: true, force: true });
}

function textOf(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

function markOf(folder: string): string | undefined {
  try {
    return fs.readFileSync(path.join(folder, markName), 'utf8');
  } catch {
    return undefined;
  }
}

/** Whatever npm does later in the folder changes the time of its list. */
function markText(folder: string, name: string): string {
  const stat = fs.statSync(path.join(folder, npmList), { throwIfNoEntry: false });
  return `${name} ${stat?.mtimeMs ?? 0}\n`;
}
