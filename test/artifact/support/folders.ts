import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** Without symbolic links in its path; other users may look into it. */
const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-archive-')));
fs.chmodSync(base, 0o755);
afterAll(() => fs.rmSync(base, { recursive: true }));

let made = 0;

/** The path of something new in a folder that goes away after the tests of this file. */
export function newPath(name = ''): string {
  return path.join(base, `${++made}${name}`);
}

/** A new, empty folder that goes away after the tests of this file. */
export function newFolder(): string {
  const folder = newPath();
  fs.mkdirSync(folder);
  fs.chmodSync(folder, 0o755);
  return folder;
}

/** Whether this may mount file systems and act as another user. */
export const isRoot: boolean = process.getuid?.() === 0;

/** Does something in a disk of so many bytes, and of so many inodes where that is told. */
export async function onSmallDisk<T>(
  bytes: number,
  work: (folder: string) => Promise<T>,
  inodes?: number,
): Promise<T> {
  const folder = newFolder();
  const options = inodes === undefined ? `size=${bytes}` : `size=${bytes},nr_inodes=${inodes}`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  try {
    return await work(folder);
  } finally {
    execFileSync('umount', [folder]);
  }
}

/**
 * All that is in a folder: a line of each, with its name as its bytes, its kind and mode, when it was changed (in
 * seconds), and what it holds or where it leads.
 */
export function treeOf(folder: string): string[] {
  const lines: string[] = [];
  const look = (at: Buffer, name: string) => {
    const stat = fs.lstatSync(at);
    const mode = (stat.mode & 0o7777).toString(8);
    const time = Math.floor(stat.mtimeMs / 1000);
    if (stat.isSymbolicLink()) lines.push(`${name} -> ${fs.readlinkSync(at, 'latin1')} ${time}`);
    else if (stat.isDirectory()) {
      lines.push(`${name}/ ${mode} ${time}`);
      for (const one of fs.readdirSync(at, 'buffer').sort(Buffer.compare)) {
        look(Buffer.concat([at, Buffer.from('/'), one]), `${name}/${one.toString('latin1')}`);
      }
    } else lines.push(`${name} ${mode} ${time} ${fs.readFileSync(at, 'latin1')}`);
  };
  for (const one of fs.readdirSync(folder, 'buffer').sort(Buffer.compare)) {
    look(Buffer.concat([Buffer.from(`${folder}/`), one]), one.toString('latin1'));
  }
  return lines;
}
