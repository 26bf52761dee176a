import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../../artifact/syncFolder.ts';
import { asText } from '../config/plain.ts';
import { milliseconds } from '../config/units.ts';
import type { Step, StepContext, StepWork } from '../deploy/step.ts';
import { assetNames, readAssets, removeAsset } from '../releases/assets.ts';
import { ifThere } from '../releases/lasting.ts';
import { type AppPlaces, appPlaces } from '../releases/layout.ts';
import { insideRelease } from './insideRelease.ts';

const usualFolder = 'static';
const usualKeep = '7d';

/**
 * Keeps files whose names tell their content reachable when their release is no longer live: pages that were loaded before ask for them. They lie
 * in `ROOT/APP/assets/`, which releases share, beside those of the live one.
 */
export function assetsStep(): Step {
  return {
    name: 'assets',
    async plan(context) {
      const { folder, keep } = wanted(context);
      return {
        notes: [`assets: the files of ${folder}/ stay reachable for ${keep} behind their last release`],
      };
    },
    prepare: collect,
    async deployed(work) {
      // The app's own hook may have made more of them.
      await collect(work);
      await putDown(work);
    },
    async restore(work) {
      const { places } = wanted(work);
      for (const name of await addedBefore(work)) await removeAsset(places, name);
    },
  };
}

function wanted({ root, app, options }: StepContext): { folder: string; keep: string; places: AppPlaces } {
  const folder = asText(options.folder) ?? usualFolder;
  return { folder, keep: asText(options.keep) ?? usualKeep, places: appPlaces(root, app) };
}

/** Has all files of the release there. One that is there already stays as it is: somebody may be reading it. */
async function collect(work: StepWork): Promise<void> {
  const { folder, places } = wanted(work);
  const from = await insideRelease(work.release, folder, 'assets.folder');
  const names = await assetNames(from);
  const missing: string[] = [];
  for (const name of names)
    if ((await ifThere(fs.lstat(path.join(places.assets, name)))) === undefined) missing.push(name);
  if (missing.length === 0) return;
  await work.keep({ added: [...(await addedBefore(work)), ...missing] });
  const touched = new Set<string>([places.folder]);
  for (const name of missing) {
    const at = path.join(places.assets, name);
    await fs.mkdir(path.dirname(at), { recursive: true, mode: 0o755 });
    await putThere(path.join(from, name), at);
    for (let above = path.dirname(at); above.startsWith(places.assets); above = path.dirname(above))
      touched.add(above);
  }
  for (const one of touched) await syncFolder(one);
  work.log(`keeps ${missing.length} more files in ${places.assets}`, 'agent');
}

async function addedBefore(work: StepWork): Promise<string[]> {
  const added = (await work.kept())?.added;
  return Array.isArray(added) ? added.map(String) : [];
}

/** A second name of the file takes no room; elsewhere it is copied. Whole, or not at all. */
async function putThere(from: string, at: string): Promise<void> {
  try {
    await fs.link(from, at);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (!['EXDEV', 'EMLINK', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(code)) throw error;
    const staged = path.join(path.dirname(at), `.${path.basename(at)}.strata-new`);
    await fs.rm(staged, { force: true });
    await fs.copyFile(from, staged, constants.COPYFILE_EXCL);
    await fs.rename(staged, at);
  }
}

/** Puts down when they were last needed: those of the release that goes, and of the one that comes, are needed now. */
async function putDown(work: StepWork): Promise<void> {
  const { folder, keep, places } = wanted(work);
  const before = await readAssets(places);
  const seen = { ...before?.seen };
  const now = Date.now();
  for (const release of [work.previous, work.release]) {
    if (release === undefined) continue;
    for (const name of await assetNames(path.join(release, folder)))
      if ((await ifThere(fs.lstat(path.join(places.assets, name)))) !== undefined) seen[name] = now;
  }
  const content = JSON.stringify({ folder, keepMs: milliseconds(keep), seen });
  await work.side.put({ path: places.assetList, content, mode: 0o644 });
}
