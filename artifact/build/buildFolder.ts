import fs from 'node:fs';
import path from 'node:path';
import { ArtifactError } from '../failure.ts';
import type { Undo } from './undo.ts';

/** Where a build keeps its logs and what it makes on the way. */
export interface BuildFolder {
  /** `.strata/builds/APP/TIME`, with a log for each step. */
  logs: string;
  /** For what is made on the way; goes away with the build. */
  staging: string;
  /** For what the app's folder had and gets back: `.strata/builds/APP/kept`. */
  kept: string;
  /** Takes away what nobody needs any more. */
  close(): void;
}

/** So many builds of an app keep their logs. */
const keptBuilds = 20;

/**
 * Makes the folder of a build in its workspace; git never sees it. One build of an app runs at a time, since two would
 * write into the same files: `conflict`.
 */
export function openBuildFolder(root: string, app: string, undo: Undo): BuildFolder {
  const own = path.join(root, '.strata');
  const folder = path.join(own, 'builds', app);
  try {
    fs.mkdirSync(folder, { recursive: true });
    const ignoring = path.join(own, '.gitignore');
    if (!fs.existsSync(ignoring)) fs.writeFileSync(ignoring, '*\n');
  } catch (error) {
    throw new ArtifactError(
      'unavailable',
      `the build has no place for its logs: ${(error as Error).message}`,
    );
  }
  const unlock = lock(folder, app);
  const forgetLock = undo.add(unlock);
  const logs = newFolder(folder);
  const staging = path.join(folder, 'staging');
  // What a build that was killed has left.
  fs.rmSync(staging, { recursive: true, force: true });
  fs.mkdirSync(staging);
  const clear = () => fs.rmSync(staging, { recursive: true, force: true });
  const forgetStaging = undo.add(clear);
  return {
    logs,
    staging,
    kept: path.join(folder, 'kept'),
    close() {
      forgetStaging();
      clear();
      dropOld(folder);
      forgetLock();
      unlock();
    },
  };
}

/** A folder named for the time: `2026-03-01T120000`, with a number behind it where that second had one already. */
function newFolder(folder: string): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(':', '');
  for (let number = 1; ; number++) {
    const made = path.join(folder, number === 1 ? time : `${time}-${number}`);
    try {
      fs.mkdirSync(made);
      return made;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function dropOld(folder: string): void {
  const builds = fs.readdirSync(folder).filter((name) => /^\d{4}-\d\d-\d\dT/.test(name));
  for (const name of builds.sort().slice(0, -keptBuilds)) {
    fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** A file with the number of the process that builds; one whose process is gone counts for nothing. */
function lock(folder: string, app: string): () => void {
  const file = path.join(folder, 'lock');
  const mine = path.join(folder, `lock.${process.pid}`);
  fs.writeFileSync(mine, `${process.pid}\n`);
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        fs.linkSync(mine, file);
        return () => fs.rmSync(file, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readHolder(file);
      if (holder !== undefined && isAlive(holder)) {
        throw new ArtifactError(
          'conflict',
          `${app} is being built already, by process ${holder}: wait for it`,
        );
      }
      fs.rmSync(file, { force: true });
    }
    throw new ArtifactError('conflict', `${app} is being built already by another process: wait for it`);
  } finally {
    fs.rmSync(mine, { force: true });
  }
}

function readHolder(file: string): number | undefined {
  try {
    const number = Number(fs.readFileSync(file, 'utf8'));
    return Number.isInteger(number) && number > 0 ? number : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
