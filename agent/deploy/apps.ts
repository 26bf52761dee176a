import fs from 'node:fs/promises';
import path from 'node:path';
import { isArtifactName } from '../../artifact/names.ts';
import type { AppStatus } from '../../protocol/appStatus.ts';
import { AgentError } from '../failure.ts';
import { ifThere } from '../releases/lasting.ts';
import { appPlaces } from '../releases/layout.ts';
import { linkedRelease, releases } from '../releases/releases.ts';

/** The apps that have something on this box, by name. */
export async function appNames(root: string): Promise<string[]> {
  const names = ((await ifThere(fs.readdir(root))) ?? []).filter(isArtifactName).sort();
  const found = await Promise.all(names.map((name) => isApp(root, name)));
  return names.filter((_, at) => found[at]);
}

/** What an app has on this box; `missing`. */
export async function appStatus(root: string, app: string, running: string | undefined): Promise<AppStatus> {
  if (!(await isApp(root, app))) throw new AgentError('missing', `there is no app ${app} on this box`);
  const places = appPlaces(root, app);
  const [live, previous, all] = await Promise.all([
    linkedRelease(places, 'live'),
    linkedRelease(places, 'previous'),
    releases(places),
  ]);
  return {
    app,
    live: live?.version ?? null,
    previous: previous?.version ?? null,
    releases: all.map(({ version, completed }) => ({ version, completed })),
    running: running ?? null,
  };
}

async function isApp(root: string, name: string): Promise<boolean> {
  return (await ifThere(fs.stat(path.join(root, name, 'versions'))))?.isDirectory() ?? false;
}
