import fs from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { git } from '../../disk/git.ts';
import { listTree } from '../archive/listTree.ts';
import { checkCancelled } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';

/** What lies in the app's folder for the time of a build, or on one machine alone. */
const never: ReadonlySet<string> = new Set(['configuration.json', 'configuration_public.json', '.strata']);

/**
 * The files of an app that go into its artifact: what git tracks (submodules included) and the outputs that the manifest
 * declares, but not what `.strataignore` names. `deploy/` always goes in.
 * @returns paths in the app's folder, as bytes, since names need not be text.
 * @throws ArtifactError `failed`, `cancelled`
 */
export async function packedFiles(
  folder: string,
  outputs: readonly string[],
  signal: AbortSignal,
): Promise<Buffer[]> {
  const ignored = readIgnore(folder);
  const all = [
    ...(await trackedFiles(folder, signal)),
    ...outputs.flatMap((one) => outputFiles(folder, one)),
  ];
  const names = new Map(all.map((name) => [name.toString('latin1'), name]));
  return [...names.values()].filter((name) => isPacked(name.toString(), ignored));
}

function isPacked(name: string, ignored: Ignore): boolean {
  if (name === 'deploy' || name.startsWith('deploy/')) return true;
  return !never.has(name) && !ignored.ignores(name);
}

function readIgnore(folder: string): Ignore {
  const file = path.join(folder, '.strataignore');
  return ignore().add(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '');
}

async function trackedFiles(folder: string, signal: AbortSignal): Promise<Buffer[]> {
  const listed = await git(folder, ['ls-files', '-z', '--cached', '--recurse-submodules'], { signal });
  checkCancelled(signal);
  if ('error' in listed) {
    const message = `what goes into the artifact cannot be told: ${listed.error}. Build it in a clone, or make dist/APP.tar.gz with scripts/dist.sh`;
    throw new ArtifactError('failed', message);
  }
  const root = Buffer.from(`${folder}/`);
  return splitAtNul(listed.output).filter((name) => {
    const stat = fs.lstatSync(Buffer.concat([root, name]), { throwIfNoEntry: false });
    if (stat?.isDirectory()) throw withoutFiles(name);
    // A file that was deleted and is not committed so: --allow-dirty has let it pass.
    return stat !== undefined;
  });
}

/** What git tracks and is a folder here is a submodule without its files. */
function withoutFiles(name: Buffer): ArtifactError {
  const message = `the submodule ${name.toString()} is not checked out: run \`git submodule update --init\` first`;
  return new ArtifactError('failed', message);
}

function splitAtNul(bytes: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0); at !== -1; at = bytes.indexOf(0, from)) {
    parts.push(bytes.subarray(from, at));
    from = at + 1;
  }
  return parts;
}

function outputFiles(folder: string, output: string): Buffer[] {
  const name = path.posix.normalize(output).replace(/\/+$/, '');
  if (name === '.' || name === '..' || name.startsWith('../') || path.posix.isAbsolute(name)) {
    throw new ArtifactError(
      'failed',
      `the output ${output} does not lie in the app's folder: mend \`outputs\``,
    );
  }
  const stat = fs.lstatSync(path.join(folder, name), { throwIfNoEntry: false });
  if (stat === undefined) {
    const message = `the build has not made ${name}, which \`outputs\` in the manifest names`;
    throw new ArtifactError('failed', message);
  }
  if (!stat.isDirectory()) return [Buffer.from(name)];
  return listTree(path.join(folder, name)).map((below) =>
    Buffer.concat([Buffer.from(`${name}/`), Buffer.from(below)]),
  );
}
