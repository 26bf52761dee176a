import fs from 'node:fs/promises';
import path from 'node:path';
import { asMapping, asText } from '../config/plain.ts';
import type { Step, StepContext, StepWork } from '../deploy/step.ts';
import { AgentError } from '../failure.ts';
import { ifThere } from '../releases/lasting.ts';
import { appPlaces } from '../releases/layout.ts';
import { groupNumber, userNumbers } from '../users.ts';
import { insideRelease } from './insideRelease.ts';

/** A folder that outlives releases. */
interface DataFolder {
  name: string;
  /** `ROOT/APP/data/NAME`. */
  folder: string;
  /** Where a release has the link to it, by its path in it. */
  link: string;
  mode: number | undefined;
  owner: string | undefined;
  group: string | undefined;
}

/** Files that only keep an empty folder in git. */
const keepers = ['.gitkeep', '.keep'];

/**
 * Makes the folders that outlive releases and links them into each: those of `deploy/data/`, and those that the app's options name. What lies in
 * `deploy/data/NAME/` is what such a folder begins with; nothing that is there is ever changed or taken away.
 */
export function dataStep(): Step {
  return {
    name: 'data',
    async plan(context) {
      const notes: string[] = [];
      for (const { folder } of await foldersOf(context))
        if ((await ifThere(fs.stat(folder))) === undefined) notes.push(`data: the folder ${folder} is made`);
      return { notes };
    },
    async prepare(work) {
      for (const one of await foldersOf(work)) {
        await make(work, one);
        await linkIn(work.release, one);
      }
    },
  };
}

async function foldersOf({ root, app, release, options }: StepContext): Promise<DataFolder[]> {
  const given = new Map(Object.entries(options));
  const entries = await ifThere(fs.readdir(path.join(release, 'deploy/data'), { withFileTypes: true }));
  const found = (entries ?? []).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return [...new Set([...found, ...given.keys()])].sort().map((name) => {
    const said = asMapping(given.get(name)) ?? {};
    const mode = asText(said.mode);
    return {
      name,
      folder: path.join(appPlaces(root, app).folder, 'data', name),
      link: asText(said.link) ?? `data/${name}`,
      mode: mode === undefined ? undefined : Number.parseInt(mode, 8),
      owner: asText(said.owner),
      group: asText(said.group),
    };
  });
}

async function make(work: StepWork, one: DataFolder): Promise<void> {
  const { folder, mode } = one;
  const there = await ifThere(fs.lstat(folder));
  if (there !== undefined && !there.isDirectory())
    throw new AgentError('refused', `data: ${folder} is no folder: move it out of the way`);
  if (there === undefined) {
    await fs.mkdir(path.dirname(folder), { recursive: true, mode: 0o755 });
    await fs.mkdir(folder, { mode: 0o750 });
    work.log(`made ${folder}`, 'agent');
  }
  if (there === undefined || mode !== undefined) await fs.chmod(folder, mode ?? 0o750);
  const owner = ownerOf(work, one);
  if (owner !== undefined && (there === undefined || one.owner !== undefined || one.group !== undefined))
    await fs.lchown(folder, owner.uid, owner.gid);
  await seed(path.join(work.release, 'deploy/data', one.name), folder, owner);
}

/** Only root can give things away. */
function ownerOf(
  { user }: StepContext,
  { owner, group }: DataFolder,
): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const numbers = owner === undefined ? user : userNumbers(owner);
  const { uid, gid } = numbers ?? { uid: 0, gid: 0 };
  return { uid, gid: group === undefined ? gid : groupNumber(group) };
}

/** Copies what a folder begins with, as far as nothing of the name is there. */
async function seed(
  from: string,
  to: string,
  owner: { uid: number; gid: number } | undefined,
): Promise<void> {
  const entries = (await ifThere(fs.readdir(from, { withFileTypes: true }))) ?? [];
  for (const entry of entries) {
    if (keepers.includes(entry.name)) continue;
    const target = path.join(to, entry.name);
    if ((await ifThere(fs.lstat(target))) !== undefined) continue;
    // Elsewhere first: one that was copied in part would be taken for whole, and the app may put links into its own folder.
    const staged = path.join(path.dirname(to), `.${path.basename(to)}.strata-new`);
    await fs.rm(staged, { recursive: true, force: true });
    await fs.cp(path.join(from, entry.name), staged, { recursive: true, verbatimSymlinks: true });
    if (owner !== undefined) await giveAway(staged, owner);
    await fs.rename(staged, target);
  }
}

async function giveAway(file: string, owner: { uid: number; gid: number }): Promise<void> {
  await fs.lchown(file, owner.uid, owner.gid);
  const stat = await fs.lstat(file);
  if (!stat.isDirectory()) return;
  for (const name of await fs.readdir(file)) await giveAway(path.join(file, name), owner);
}

async function linkIn(release: string, { name, folder, link }: DataFolder): Promise<void> {
  const at = await insideRelease(release, link, `data.${name}.link`);
  const there = await ifThere(fs.lstat(at));
  // An empty folder of the artifact stands for the data.
  const isEmpty =
    there?.isDirectory() === true && (await fs.readdir(at)).every((one) => keepers.includes(one));
  if (there !== undefined && !isEmpty) {
    const what = `data.${name}.link: the artifact has something at ${link} already`;
    throw new AgentError('refused', `${what}, which the link to ${folder} would hide`);
  }
  await fs.rm(at, { recursive: true, force: true });
  await fs.mkdir(path.dirname(at), { recursive: true });
  await fs.symlink(folder, at);
}
