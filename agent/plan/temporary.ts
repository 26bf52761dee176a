import fs from 'node:fs/promises';
import path from 'node:path';
import { agentFailure } from '../configuration/failures.ts';

const prefix = 'plan-';

/** Does work with a folder that nobody else may look into and that is gone when it ends, however it ends. */
export async function inTemporary<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
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
