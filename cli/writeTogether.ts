import fs from 'node:fs';
import path from 'node:path';
import { WorkError } from './failure.ts';

interface NewFile {
  file: string;
  text: string;
}

/** One file on its way: staged beside its place, and what stood there kept under a second name. */
interface Move {
  staged: string;
  target: string;
  kept: string | undefined;
  done: boolean;
}

/**
 * Writes several files so that each appears whole or not at all, and none if any cannot be written: all are
 * written beside their places first, then renamed; should a rename fail, those before it are taken
 * back. The mode of a file that is replaced stays, and a symbolic link keeps leading to it.
 * @param isLasting whether they are on the disk, too, when this returns: waiting for it takes milliseconds a file.
 */
export function writeTogether(files: readonly NewFile[], isLasting = true): void {
  const moves: Move[] = [];
  try {
    for (const one of files) stage(one, moves, isLasting);
    for (const move of moves) swing(move);
  } catch (error) {
    for (const move of moves.reverse()) takeBack(move);
    throw new WorkError(`nothing was written: ${(error as Error).message}`);
  } finally {
    for (const { staged, kept } of moves) {
      fs.rmSync(staged, { force: true });
      if (kept !== undefined) fs.rmSync(kept, { force: true });
    }
  }
}

function stage({ file, text }: NewFile, moves: Move[], isLasting: boolean): void {
  const old = fs.statSync(file, { throwIfNoEntry: false });
  if (old && !old.isFile()) throw new Error(`${file} is there and is no regular file`);
  const target = old ? fs.realpathSync(file) : file;
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}`);
  const move: Move = { staged: `${beside}.new`, target, kept: undefined, done: false };
  moves.push(move);
  const handle = fs.openSync(move.staged, 'wx', old ? old.mode & 0o777 : 0o666);
  try {
    // The process's umask took its part of the mode.
    if (old) fs.fchmodSync(handle, old.mode & 0o777);
    fs.writeFileSync(handle, text);
    if (isLasting) fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  if (old) {
    keep(target, `${beside}.old`);
    move.kept = `${beside}.old`;
  }
}

function keep(target: string, kept: string): void {
  try {
    fs.linkSync(target, kept);
  } catch {
    // Some file systems have no hard links.
    fs.copyFileSync(target, kept);
  }
}

function swing(move: Move): void {
  fs.renameSync(move.staged, move.target);
  move.done = true;
}

function takeBack({ done, kept, target }: Move): void {
  if (!done) return;
  if (kept === undefined) fs.rmSync(target, { force: true });
  else fs.renameSync(kept, target);
}
