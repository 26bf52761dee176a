import fs from 'node:fs/promises';

/** Folders of the box that somebody looks into, with what tells whether one is still the same. */
export type Used = Map<string, number>;

/** So often something is looked at, where what it was made of goes away each time. */
const mostTurns = 5;

/**
 * Looks at folders that a deployment may take away at the same time, such as versions of the central config: where that happened, what was
 * found (or why nothing was) means nothing, and it is looked for anew.
 * @param work tells what it used, by {@link use}.
 */
export async function whileThere<T>(work: (used: Used) => Promise<T>): Promise<T> {
  for (let turn = 1; ; turn++) {
    const used: Used = new Map();
    try {
      const found = await work(used);
      if (turn === mostTurns || (await areThere(used))) return found;
    } catch (error) {
      if (turn === mostTurns || (await areThere(used))) throw error;
    }
  }
}

/** Puts down that a folder is looked into from now on. */
export async function use(used: Used, folder: string): Promise<void> {
  used.set(folder, await numberOf(folder));
}

async function areThere(used: Used): Promise<boolean> {
  const found = await Promise.all(
    [...used].map(async ([folder, number]) => number === (await numberOf(folder))),
  );
  return found.every(Boolean);
}

async function numberOf(folder: string): Promise<number> {
  return (await fs.stat(folder).catch(() => undefined))?.ino ?? 0;
}
