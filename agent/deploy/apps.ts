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

/** What is told of an app; `missing` where the box has nothing of it, not even a deployment. */
export async function appStatus(
  root: string,
  app: string,
  deployments: Pick<AppStatus, 'running' | 'last'>,
): Promise<AppStatus> {
  if (deployments.last === null && !(await isApp(root, app)))
    throw new AgentError('missing', `there is no app ${app} on this box`);
  const places = appPlaces(root, app);
  const [live, since, previous, all] = await Promise.all([
    linkedRelease(places, 'live'),
    ifThere(fs.lstat(places.live)),
    linkedRelease(places, 'previous'),
    releases(places),
  ]);
  return {
    app,
    live: live?.version ?? null,
    // The link is made anew whenever it changes.
    since: live === undefined ? null : Math.round(since?.mtimeMs ?? live.completed),
    previous: previous?.version ?? null,
    releases: all.map(({ version, completed }) => ({ version, completed })),
    ...deployments,
  };
}

async function isApp(root: string, name: string): Promise<boolean> {
  return (await ifThere(fs.stat(path.join(root, name, 'versions'))))?.isDirectory() ?? false;
}
