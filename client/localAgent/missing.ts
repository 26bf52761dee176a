import fs from 'node:fs';
import path from 'node:path';

/** What keeps an agent from running on this machine; nothing where it can run. */
export function missingForAgent(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): 'linux' | 'flock' | undefined {
  if (platform !== 'linux') return 'linux';
  const folders = (env.PATH ?? '').split(path.delimiter).filter((one) => one !== '');
  return folders.some((folder) => isExecutable(path.join(folder, 'flock'))) ? undefined : 'flock';
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
