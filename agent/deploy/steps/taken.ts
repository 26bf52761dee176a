import fs from 'node:fs/promises';
import path from 'node:path';
import { AgentError } from '../../failure.ts';
import { ifThere, readJson } from '../../releases/lasting.ts';
import { appPlaces } from '../../releases/layout.ts';
import type { StepContext } from '../step.ts';
import type { SideEntry } from './sideFiles.ts';

/** What tells whose files are whose. */
export type Owning = Pick<StepContext, 'app' | 'root' | 'owned'>;

/** What the steps of other apps have on the box: the app, by the path. An app whose folder is gone has nothing any more. */
export async function filesOfOthers({ app, root, owned }: Owning): Promise<ReadonlyMap<string, string>> {
  const all = path.dirname(path.dirname(owned.list));
  const found = new Map<string, string>();
  for (const other of (await ifThere(fs.readdir(all))) ?? []) {
    if (other === app || (await ifThere(fs.stat(appPlaces(root, other).folder))) === undefined) continue;
    for (const list of (await ifThere(fs.readdir(path.join(all, other)))) ?? []) {
      const files = list.endsWith('.json') ? await readJson(path.join(all, other, list)) : undefined;
      for (const at of Object.keys(files ?? {})) found.set(at, other);
    }
  }
  return found;
}

/** Which of the files that are wanted another app of the box has, in words, by their paths. */
export async function takenFiles(
  context: Owning,
  wanted: readonly SideEntry[],
): Promise<ReadonlyMap<string, string>> {
  const others = await filesOfOthers(context);
  return new Map(
    wanted.flatMap(({ path: at }): [string, string][] => {
      const other = others.get(at);
      return other === undefined ? [] : [[at, `${at} is of the app ${other}: name one of both otherwise`]];
    }),
  );
}

/** `refused` where another app of the box has a file that is wanted. */
export async function refuseTaken(context: Owning, wanted: readonly SideEntry[]): Promise<void> {
  const taken = await takenFiles(context, wanted);
  if (taken.size > 0) throw new AgentError('refused', [...taken.values()].join('; '));
}
