import fs from 'node:fs';
import path from 'node:path';
import { ArtifactError } from '../../failure.ts';
import type { StepCommand } from '../conventions.ts';
import { note, runIn, type Work, warn } from '../work.ts';
import { ask } from './ask.ts';
import { fetchFolder, moveIn, storeFolder } from './folderCache.ts';
import { cacheName } from './key.ts';
import { makeRelocatable, settle } from './relocate.ts';
import { readRequirements } from './requirements.ts';

const folderName = 'virtualenv';

/** What the machine's Python says of itself. */
interface Python {
  version: string;
  platform: string;
  /** The folder that it lies in. */
  home: string;
}

const questions = `import os, platform, sys, sysconfig
libc = "" if platform.libc_ver()[0] == "glibc" or not sys.platform.startswith("linux") else "-musl"
print("%d.%d" % sys.version_info[:2])
print(sysconfig.get_platform() + libc)
print(os.path.dirname(os.path.realpath(getattr(sys, "_base_executable", sys.executable))))`;

/**
 * The app's virtualenv, as its requirements.txt asks: the one that is there, one that another build has made, or a new
 * one, which is then kept for others. It is told apart by the requirements, the version of Python and the platform.
 */
export async function prepareVirtualenv(work: Work): Promise<void> {
  const { folder, signal, env, wishes } = work;
  const answer = await ask('python3', ['-c', questions], { env, signal, cwd: folder });
  const [version = '', platform = '', home = ''] = answer.split('\n');
  const python: Python = { version, platform, home };
  const { texts, isPortable } = readRequirements(path.join(folder, 'requirements.txt'));
  const name = cacheName(folderName, [version, platform], texts);
  const target = path.join(folder, folderName);
  if (isPortable) work.virtualenv = name;
  if (!wishes.forceVirtualenv && isPortable) {
    if (hashOf(target) === name) return note(work, 'the virtualenv is as requirements.txt asks');
    const fetched = await fetchFolder(work, name, folderName);
    if (fetched !== undefined) {
      settle(fetched, home);
      return moveIn(work, fetched, target);
    }
  }
  const made = await makeVirtualenv(work, python, name);
  if (!isPortable) {
    warn(
      work,
      'the virtualenv is not kept for others: requirements.txt names something in a folder of its own',
    );
  } else if (await storeFolder(work, name, made, folderName)) {
    note(work, 'the next build with these requirements finds it, and so do boxes');
  }
  moveIn(work, made, target);
}

function hashOf(virtualenv: string): string | undefined {
  try {
    return fs.readFileSync(path.join(virtualenv, '.hash'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

async function makeVirtualenv(work: Work, python: Python, name: string): Promise<string> {
  const made = path.join(work.places.staging, folderName);
  const own = path.join(made, 'bin', 'python3');
  await runIn(work, python3(['-m', 'venv', '--copies', made], 'python3 -m venv'));
  const pip = ['-m', 'pip', '--disable-pip-version-check', '--no-input'];
  const install = [...pip, 'install', '--no-compile', '-r', 'requirements.txt'];
  await runIn(work, { name: 'pip install -r requirements.txt', command: own, args: install });
  await runIn(work, { name: 'pip check', command: own, args: [...pip, 'check'] });
  // Compiled code is told by what it was compiled from: times are not kept.
  const told = ['--invalidation-mode', 'unchecked-hash', '-s', work.places.staging];
  const compile = ['-m', 'compileall', '-q', ...told, path.join(made, 'lib')];
  await runIn(work, { name: 'compileall', command: own, args: compile }).catch((error: unknown) => {
    if (!(error instanceof ArtifactError) || error.code !== 'failed') throw error;
    // Packages come with files for other versions of Python; they are compiled when they are needed, if ever.
    note(work, 'not all of it could be compiled');
  });
  makeRelocatable(made);
  settle(made, python.home);
  fs.writeFileSync(path.join(made, '.hash'), `${name}\n`);
  return made;
}

function python3(args: string[], name: string): StepCommand {
  return { name, command: 'python3', args };
}
