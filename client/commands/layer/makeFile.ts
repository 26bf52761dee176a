import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

/**
 * Makes an empty file, and the folders that lead to it. One that somebody else has made meanwhile stays as it is; nothing is written
 * through a link.
 * @returns why it cannot be made, in words; nothing where it is there.
 */
export async function makeFile(file: string): Promise<string | undefined> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '', { flag: 'wx' });
    return undefined;
  } catch (error) {
    return (await isFile(file)) ? undefined : whyNot(error);
  }
}

async function isFile(file: string): Promise<boolean> {
  return await stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return vscode.l10n.t('you may not write there');
    case 'EEXIST':
    case 'ENOENT':
    case 'ENOTDIR':
      return vscode.l10n.t('a folder, another file or a link that leads nowhere is in its way');
    case 'ENOSPC':
    case 'EDQUOT':
      return vscode.l10n.t('the disk is full');
    default:
      return message;
  }
}
