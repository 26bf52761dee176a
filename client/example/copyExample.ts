import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Copies the example into a folder that is not there yet, as a git repository with one commit: what is built is what is committed. Tells
 * whether it could be committed; without git the example is there all the same. Throws what the file system throws.
 */
export async function copyExample(from: string, to: string): Promise<{ isCommitted: boolean }> {
  await fs.mkdir(path.dirname(to), { recursive: true });
  await fs.mkdir(to);
  await fs.cp(from, to, { recursive: true });
  const manifest = path.join(to, 'strata.yaml');
  const text = await fs.readFile(manifest, 'utf8');
  // The schema that this line names is not beside the copy, and this extension needs no such line.
  await fs.writeFile(manifest, text.replace(/^# yaml-language-server:.*\n/, ''));
  // A package does not keep who may run what.
  for (const script of await scriptsIn(to)) await fs.chmod(script, 0o755);
  return { isCommitted: await commit(to) };
}

/** The first of `paper-shop`, `paper-shop-2` … that is not there. */
export async function freeFolder(parent: string): Promise<string> {
  const taken = new Set(await fs.readdir(parent));
  let name = 'paper-shop';
  for (let number = 2; taken.has(name); number++) name = `paper-shop-${number}`;
  return path.join(parent, name);
}

async function scriptsIn(folder: string): Promise<string[]> {
  const files = await fs.readdir(folder, { recursive: true });
  return files.filter((file) => file.endsWith('.sh')).map((file) => path.join(folder, file));
}

async function commit(folder: string): Promise<boolean> {
  const who = [
    '-c',
    'user.name=Strata',
    '-c',
    'user.email=example@strata.invalid',
    '-c',
    'commit.gpgSign=false',
  ];
  try {
    await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: folder });
    await run('git', ['add', '--all'], { cwd: folder });
    await run('git', [...who, 'commit', '--quiet', '--message', 'The Paper Shop'], { cwd: folder });
    return true;
  } catch {
    return false;
  }
}
