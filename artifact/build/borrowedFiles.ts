import fs from 'node:fs';
import path from 'node:path';

/** What stood in a file's place: nothing, or bytes (a second file beside this list) with a mode. */
interface Kept {
  file: string;
  copy?: string;
  mode?: number;
}

/**
 * Writes files for a while. What stood in their places is kept in a folder, from where it comes back by the answer of
 * this function, or when the next build finds that nobody has brought it back.
 * @param kept a folder that is there as long as something is to be brought back.
 */
export function borrowFiles(kept: string, files: readonly { file: string; text: string }[]): () => void {
  const making = `${kept}.new`;
  fs.rmSync(making, { recursive: true, force: true });
  fs.mkdirSync(making, { mode: 0o700 });
  try {
    const list = files.map(({ file }, index) => keep(making, file, `${index}`));
    fs.writeFileSync(path.join(making, 'list.json'), JSON.stringify(list));
  } catch (error) {
    fs.rmSync(making, { recursive: true, force: true });
    throw error;
  }
  fs.renameSync(making, kept);
  try {
    for (const { file, text } of files) replace(file, text, undefined);
  } catch (error) {
    giveBack(kept);
    throw error;
  }
  return () => giveBack(kept);
}

/** Brings back what a build has kept; nothing where there is nothing. */
export function giveBack(kept: string): void {
  const list = path.join(kept, 'list.json');
  if (!fs.existsSync(list)) return;
  for (const { file, copy, mode } of JSON.parse(fs.readFileSync(list, 'utf8')) as Kept[]) {
    if (copy === undefined) fs.rmSync(file, { force: true });
    else replace(file, fs.readFileSync(path.join(kept, copy)), mode);
  }
  fs.rmSync(kept, { recursive: true, force: true });
}

/** Forgets what was kept: what was written in its place stays. */
export function keepBorrowed(kept: string): void {
  fs.rmSync(kept, { recursive: true, force: true });
}

function keep(folder: string, file: string, copy: string): Kept {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return { file };
  if (!stat.isFile()) throw new Error(`${file} is there and is no regular file`);
  fs.writeFileSync(path.join(folder, copy), fs.readFileSync(file), { mode: 0o600 });
  return { file, copy, mode: stat.mode & 0o777 };
}

/** A file appears whole; a symbolic link keeps leading to it. */
function replace(file: string, content: string | Uint8Array, mode: number | undefined): void {
  const old = fs.statSync(file, { throwIfNoEntry: false });
  const target = old ? fs.realpathSync(file) : file;
  const beside = path.join(path.dirname(target), `.${path.basename(target)}.${process.pid}.new`);
  try {
    // Configurations hold passwords.
    fs.writeFileSync(beside, content, { mode: mode ?? (old ? old.mode & 0o777 : 0o600) });
    if (mode !== undefined) fs.chmodSync(beside, mode);
    fs.renameSync(beside, target);
  } finally {
    fs.rmSync(beside, { force: true });
  }
}
