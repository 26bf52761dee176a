import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';

/** Without symbolic links in its path, as the command shows it. */
const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-test-')));
afterAll(() => fs.rmSync(base, { recursive: true }));

const marker = /^\/\/- (\/\S+)\n/m;

/**
 * Writes several files, given in one text, into a new folder that goes away after the tests of this file. A
 * line `//- /configs/common.yaml` starts each file.
 */
export function writeFiles(text: string): string {
  const folder = fs.mkdtempSync(path.join(base, 'workspace-'));
  const [, ...parts] = text.split(marker);
  for (let at = 0; at < parts.length; at += 2) writeFile(folder, parts[at]!, parts[at + 1]!);
  return folder;
}

/** Writes one file of such a folder, for bytes that a text cannot hold. */
export function writeFile(folder: string, name: string, content: string | Uint8Array): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
}
