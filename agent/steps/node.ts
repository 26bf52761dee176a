import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Repository } from '../../artifact/repository/repository.ts';
import { isObject, parsed } from '../../artifact/signing/manifest.ts';
import type { Step, StepContext, StepWork } from '../deploy/step.ts';
import { AgentError } from '../failure.ts';
import { ifThere } from '../releases/lasting.ts';
import { appPlaces } from '../releases/layout.ts';
import { folderName, haveShared, type SharedFolder } from './sharedFolder.ts';

const linkName = 'node_modules';
const lockFile = 'package-lock.json';

/**
 * Links the modules that the app's lock file names into the release, as `node_modules`. Releases with the same ones share them.
 * @param mayBuild whether those that the repository does not have are installed here, from the network.
 */
export function nodeStep(repository: Repository, mayBuild: boolean): Step {
  return {
    name: 'node',
    async plan(context) {
      if (await needsNone(context)) return {};
      const shared = await sharedOf(context);
      if ((await ifThere(fs.stat(shared.place))) !== undefined) return {};
      return { notes: [`node: ${shared.name} comes to this box`] };
    },
    async prepare(work) {
      if (await needsNone(work)) return;
      const shared = await sharedOf(work);
      const make = mayBuild ? (folder: string) => install(work, folder) : undefined;
      if (!(await haveShared(repository, work, shared, { make }))) throw nowhere(work, shared);
      await fs.symlink(shared.place, path.join(work.release, linkName));
    },
  };
}

/** Whether the artifact has them, or its lock file names none. */
async function needsNone({ release, metadata }: StepContext): Promise<boolean> {
  if ((await ifThere(fs.lstat(path.join(release, linkName)))) !== undefined) return true;
  if (metadata.node_modules !== undefined) return false;
  const lock = parsed(await fs.readFile(path.join(release, lockFile), 'utf8'));
  const packages = isObject(lock) && isObject(lock.packages) ? Object.keys(lock.packages) : [];
  return packages.every((name) => name === '');
}

async function sharedOf({ root, app, release, metadata, ask }: StepContext): Promise<SharedFolder> {
  const name = metadata.node_modules ?? (await ownName(release, ask));
  // Modules look for each other in folders of this name.
  const place = path.join(appPlaces(root, app).modules, folderName(name), linkName);
  return { place, name, top: linkName };
}

/** Of an artifact whose build says nothing of them. */
async function ownName(release: string, ask: StepContext['ask']): Promise<string> {
  const { stdout } = await ask(['node', '-p', 'process.versions.modules']);
  const text = await fs.readFile(path.join(release, lockFile), 'utf8');
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 20);
  return `node-modules-${stdout.trim() || 'none'}-here-${hash}.tar.gz`;
}

/** Beside copies of what npm reads: it must not write into the release. */
async function install({ run, release }: StepWork, folder: string): Promise<void> {
  const beside = path.dirname(folder);
  for (const name of ['package.json', lockFile, '.npmrc']) {
    const text = await ifThere(fs.readFile(path.join(release, name)));
    if (text !== undefined) await fs.writeFile(path.join(beside, name), text);
  }
  const how = { cwd: beside, asUser: true, env: { HOME: beside } };
  await run(['npm', 'ci', '--omit=dev', '--no-audit', '--no-fund'], how);
}

function nowhere({ app }: StepWork, { name }: SharedFolder): AgentError {
  const message = `the node modules ${name} of ${app} are not in the repository: build ${app} with an upload, or allow it here (steps.build)`;
  return new AgentError('missing', message);
}
