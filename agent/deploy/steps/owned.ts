import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { FileChange } from '../../../protocol/deploymentPlan.ts';
import { unifiedDiff } from '../../plan/unifiedDiff.ts';
import { ifThere, readJson } from '../../releases/lasting.ts';
import type { OwnedFiles, StepContext, StepWork } from '../step.ts';
import type { SideEntry } from './sideFiles.ts';
import { type Owning, refuseTaken, takenFiles } from './taken.ts';

/** What a step changes outside of the release. Paths. */
export interface SideChanges {
  added: string[];
  changed: string[];
  /** Those that an earlier release put there, and this one lacks. */
  removed: string[];
}

/** What the live release of an app put on the box by a step. @param state where the agent keeps its own. */
export async function readOwned(state: string, app: string, step: string): Promise<OwnedFiles> {
  const list = path.join(state, 'owned', app, `${step}.json`);
  const found = Object.entries((await readJson(list)) ?? {});
  return { list, files: new Map(found.filter((one): one is [string, string] => typeof one[1] === 'string')) };
}

/** How the box differs from what is wanted on it. */
export async function sideChanges(
  { owned }: Pick<StepContext, 'owned'>,
  wanted: readonly SideEntry[],
): Promise<SideChanges> {
  const changes: SideChanges = { added: [], changed: [], removed: [] };
  for (const entry of wanted) {
    const now = await ifThere(fs.lstat(entry.path));
    if (now === undefined) changes.added.push(entry.path);
    else if (!(await isAsWanted(entry, now))) changes.changed.push(entry.path);
  }
  const kept = new Set(wanted.map((one) => one.path));
  for (const at of owned.files.keys()) {
    if (!kept.has(at) && (await ifThere(fs.lstat(at))) !== undefined) changes.removed.push(at);
  }
  return changes;
}

async function isAsWanted(entry: SideEntry, now: Stats): Promise<boolean> {
  if ('target' in entry) return now.isSymbolicLink() && (await fs.readlink(entry.path)) === entry.target;
  const { path: at, content, mode = 0o644 } = entry;
  if (!now.isFile() || (now.mode & 0o7777) !== mode) return false;
  return Buffer.from(content).equals(await fs.readFile(at));
}

/**
 * Makes the box as it is wanted: files are put there, and taken away where an earlier release put them there. `refused` where one is another
 * app's. @returns what was changed.
 */
export async function installFiles(
  work: Owning & Pick<StepWork, 'side'>,
  wanted: readonly SideEntry[],
): Promise<SideChanges> {
  const changes = await sideChanges(work, wanted);
  const isNew = new Set([...changes.added, ...changes.changed]);
  const owned = Object.fromEntries(wanted.map((one) => [one.path, sha256(contentOf(one))]));
  // First the list: what was begun is known to be the app's own.
  const both = { ...Object.fromEntries(work.owned.files), ...owned };
  if (isNew.size > 0 || wanted.some((one) => !work.owned.files.has(one.path)))
    await work.side.put({ path: work.owned.list, content: JSON.stringify(both), mode: 0o600 });
  // Behind the list: of two apps that come with the same file at once, none gets it.
  await refuseTaken(work, wanted);
  for (const entry of wanted) if (isNew.has(entry.path)) await put(work, entry);
  // A link comes behind the file that it leads to, and goes before it.
  for (const at of changes.removed.toReversed()) await work.side.remove(at);
  await work.side.put({ path: work.owned.list, content: JSON.stringify(owned), mode: 0o600 });
  return changes;
}

async function put({ side }: Pick<StepWork, 'side'>, entry: SideEntry): Promise<void> {
  if ('target' in entry) await side.link(entry.path, entry.target);
  else await side.put(entry);
}

/** The changes as diffs, for a plan, with the files that another app has as obstacles. */
export async function planFiles(
  context: Owning,
  wanted: readonly SideEntry[],
): Promise<{ files: FileChange[]; changes: SideChanges; obstacles: string[] }> {
  const changes = await sideChanges(context, wanted);
  const texts = new Map(wanted.map((one) => [one.path, String(contentOf(one))]));
  const paths = [...changes.added, ...changes.changed, ...changes.removed];
  const files = await Promise.all(
    paths.map(async (at) => {
      const before = await textAt(at);
      return { path: at, diff: unifiedDiff(at, before, texts.get(at) ?? '') };
    }),
  );
  return { files, changes, obstacles: [...(await takenFiles(context, wanted)).values()] };
}

async function textAt(at: string): Promise<string> {
  const now = await ifThere(fs.lstat(at));
  if (now?.isSymbolicLink()) return linkText(await fs.readlink(at));
  return now?.isFile() ? await fs.readFile(at, 'utf8') : '';
}

function contentOf(entry: SideEntry): string | Buffer {
  return 'target' in entry ? linkText(entry.target) : entry.content;
}

/** A link, as a diff has it. */
function linkText(target: string): string {
  return `-> ${target}\n`;
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
