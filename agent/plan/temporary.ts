import fs from 'node:fs/promises';
import path from 'node:path';
import { agentFailure } from '../configuration/failures.ts';
import { type Used, whileThere } from './whileThere.ts';

const prefix = 'plan-';

/**
 * Does work with a folder that nobody else may look into and that is gone when it ends, however it ends. It is done anew, with a new folder,
 * where what it used of the box has gone away meanwhile.
 */
export async function inTemporary<T>(
  parent: string,
  work: (folder: string, used: Used) => Promise<T>,
): Promise<T> {
  return await withFolder(parent, (folder) => {
    let turn = 0;
    return whileThere(async (used) => {
      const own = path.join(folder, `${++turn}`);
      await fs.mkdir(own);
      return await work(own, used);
    });
  });
}

async function withFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await fs.mkdtemp(path.join(parent, prefix)).catch((error: unknown) => {
    throw agentFailure(`there is no room for a plan in ${parent}`, error);
  });
  try {
    return await work(folder);
  } finally {
    await fs.rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Takes away what plans of a former life of the agent left behind. */
export async function sweepPlans(parent: string): Promise<void> {
  const names = await fs.readdir(parent).catch(() => []);
  for (const name of names.filter((one) => one.startsWith(prefix))) {
    await fs.rm(path.join(parent, name), { recursive: true, force: true, maxRetries: 3 });
  }
}
