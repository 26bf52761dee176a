import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { makeRelocatable, settle } from '../../artifact/build/caches/relocate.ts';
import { readRequirements } from '../../artifact/build/caches/requirements.ts';
import type { Repository } from '../../artifact/repository/repository.ts';
import type { Step, StepContext, StepWork } from '../deploy/step.ts';
import { AgentError } from '../failure.ts';
import { ifThere } from '../releases/lasting.ts';
import { appPlaces } from '../releases/layout.ts';
import { folderName, haveShared, type SharedFolder } from './sharedFolder.ts';

const linkName = 'virtualenv';
const requirements = 'requirements.txt';

/**
 * Links the virtualenv that the app's requirements ask for into the release, as `virtualenv`. Releases with the same one share it; a release
 * that is gone takes with it what no other needs.
 * @param mayBuild whether one that the repository does not have is made here, from the network.
 */
export function virtualenvStep(repository: Repository, mayBuild: boolean): Step {
  return {
    name: 'virtualenv',
    async plan(context) {
      if (await isCarried(context)) return {};
      const shared = await sharedOf(context);
      if ((await ifThere(fs.stat(shared.place))) !== undefined) return {};
      return { notes: [`virtualenv: ${shared.name} comes to this box`] };
    },
    async prepare(work) {
      if (await isCarried(work)) return;
      const shared = await sharedOf(work);
      await checkPython(work, shared);
      const make = mayBuild ? (folder: string) => build(work, folder) : undefined;
      const settled = async (folder: string) => settle(folder, await pythonHome(work));
      if (!(await haveShared(repository, work, shared, { settle: settled, make })))
        throw nowhere(work, shared);
      await fs.symlink(shared.place, path.join(work.release, linkName));
    },
  };
}

/** Whether the artifact has one of its own. */
async function isCarried({ release }: StepContext): Promise<boolean> {
  return (await ifThere(fs.lstat(path.join(release, linkName)))) !== undefined;
}

async function sharedOf(context: StepContext): Promise<SharedFolder> {
  const { root, app, metadata } = context;
  const name = metadata.virtualenv ?? (await ownName(context));
  const place = path.join(appPlaces(root, app).virtualenvs, folderName(name));
  return { place, name, top: linkName };
}

/** Of an artifact whose build says nothing of one. */
async function ownName(context: StepContext): Promise<string> {
  const { texts } = readRequirements(path.join(context.release, requirements));
  const hash = createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 20);
  return `virtualenv-${await pythonVersion(context)}-here-${hash}.tar.gz`;
}

async function askPython({ ask }: StepContext, question: string): Promise<string> {
  const { code, stdout, stderr } = await ask(['python3', '-c', question]);
  if (code === 0) return stdout.trim();
  throw new AgentError('failed', `this box has no python3 that works: install it (${stderr.trim()})`);
}

const pythonVersion = (context: StepContext) =>
  askPython(context, 'import sys; print("%d.%d" % sys.version_info[:2])');

const pythonHome = (context: StepContext) =>
  askPython(
    context,
    'import os, sys; print(os.path.dirname(os.path.realpath(getattr(sys, "_base_executable", sys.executable))))',
  );

/** A virtualenv works with the Python that it was made with. */
async function checkPython(work: StepWork, { name }: SharedFolder): Promise<void> {
  const made = /^virtualenv-(\d+\.\d+)-/.exec(name)?.[1];
  const here = await pythonVersion(work);
  if (made === undefined || made === here) return;
  const message = `${name} was built with Python ${made}, and this box has ${here}: install ${made}, or build with ${here}`;
  throw new AgentError('refused', message);
}

async function build({ run, release }: StepWork, folder: string): Promise<void> {
  const own = path.join(folder, 'bin/python3');
  const pip = [own, '-m', 'pip', '--disable-pip-version-check', '--no-input'] as const;
  const how = { asUser: true, env: { HOME: path.dirname(folder) } };
  await run(['python3', '-m', 'venv', '--copies', folder], how);
  await run([...pip, 'install', '-r', path.join(release, requirements)], how);
  await run([...pip, 'check'], how);
  makeRelocatable(folder);
}

function nowhere({ app }: StepWork, { name }: SharedFolder): AgentError {
  const message = `the virtualenv ${name} of ${app} is not in the repository: build ${app} with an upload, or allow it here (steps.build)`;
  return new AgentError('missing', message);
}
