import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { syncTree } from '../../artifact/archive/syncTree.ts';
import { checkCancelled } from '../../artifact/cancelling.ts';
import { head } from '../../artifact/repository/head.ts';
import type { Repository } from '../../artifact/repository/repository.ts';
import { syncFolder } from '../../artifact/syncFolder.ts';
import { corePath } from '../../disk/diskSource.ts';
import { appSeries } from '../artifacts/appSeries.ts';
import { fetchUnpacked } from '../artifacts/fetchUnpacked.ts';
import { AgentError } from '../failure.ts';
import { agentFailure } from './failures.ts';
import type { CentralSettings } from './settings.ts';

/** The central config that an app is configured with. */
export interface Central {
  /** The folder of all of it. */
  base: string;
  /** Those in it that have layers, lowest first; as the core writes paths. */
  folders: string[];
  /** The artifact's version; nothing where it is a folder of the box. */
  version: string | undefined;
}

/** What central config is found with. */
export interface CentralPlace {
  root: string;
  repository: Repository;
  central: CentralSettings;
}

/** Which central config is asked for. */
export interface CentralAsked {
  /** The artifact's version; the latest of its channel when left out. */
  version?: string | undefined;
  signal: AbortSignal;
}

/**
 * The central config of a box, there for good: an artifact is fetched into `ROOT/configs/versions/VERSION` where it is not there
 * yet. `missing`, `refused`, `unavailable`, `full`, `cancelled`.
 */
export function keptCentral(place: CentralPlace, asked: CentralAsked): Promise<Central> {
  return centralConfig(place, asked, async (versions, version, settings) => {
    const staging = path.join(versions, 'unpack', randomBytes(6).toString('hex'));
    await fs.mkdir(staging, { recursive: true });
    try {
      const folder = await fetchVersion(place, settings, version, staging, asked.signal);
      await syncTree(folder, asked.signal);
      await putInPlace(folder, path.join(versions, version));
    } finally {
      await fs.rm(staging, { recursive: true, force: true });
    }
    return path.join(versions, version);
  });
}

/** The same, but what is not there is unpacked into a folder that the caller takes away; the box stays as it is. */
export function centralFor(place: CentralPlace, temporary: string, asked: CentralAsked): Promise<Central> {
  return centralConfig(place, asked, (_, version, settings) =>
    fetchVersion(place, settings, version, temporary, asked.signal),
  );
}

type Fetch = (
  versions: string,
  version: string,
  settings: CentralSettings & { kind: 'artifact' },
) => Promise<string>;

async function centralConfig(
  { root, repository, central }: CentralPlace,
  { version, signal }: CentralAsked,
  fetch: Fetch,
): Promise<Central> {
  if (central.kind === 'folder') {
    if (version !== undefined) {
      throw new AgentError(
        'invalid',
        `this box has its central config in ${central.folder}: leave its version out`,
      );
    }
    return withFolders(central.folder, central, undefined);
  }
  try {
    const series = await appSeries(repository, central.app, central.channel, signal);
    const artifact = await head(repository, series, { version, signal });
    const versions = path.join(root, central.app, 'versions');
    const there = path.join(versions, artifact.version);
    const isKnown = await isThere(there);
    const base = isKnown ? there : await fetch(versions, artifact.version, central);
    return await withFolders(base, central, artifact.version).catch(async (error: unknown) => {
      // It may have been taken away just now.
      if (!isKnown || (await isThere(there))) throw error;
      return withFolders(await fetch(versions, artifact.version, central), central, artifact.version);
    });
  } catch (error) {
    throw agentFailure('the central config could not be had', error);
  }
}

async function fetchVersion(
  { repository }: CentralPlace,
  { app, channel }: CentralSettings & { kind: 'artifact' },
  version: string,
  into: string,
  signal: AbortSignal,
): Promise<string> {
  const series = await appSeries(repository, app, channel, signal);
  const artifact = await head(repository, series, { version, signal });
  const { folder } = await fetchUnpacked(repository, artifact, into, { signal });
  checkCancelled(signal);
  return folder;
}

async function withFolders(
  base: string,
  { folders = ['.'] }: CentralSettings,
  version: string | undefined,
): Promise<Central> {
  const whole = folders.map((one) => path.join(base, one));
  for (const one of whole) {
    // Without its central layers an app would get other values, and nobody would be told.
    if (!(await isThere(one))) throw new AgentError('failed', `the central config has no folder ${one}`);
  }
  return { base: corePath(base), folders: whole.map(corePath), version };
}

/** Two deployments may fetch the same version; either one's will do. */
async function putInPlace(folder: string, target: string): Promise<void> {
  try {
    await fs.rename(folder, target);
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  await syncFolder(path.dirname(target));
}

async function isThere(folder: string): Promise<boolean> {
  const stat = await fs.stat(folder).catch(() => undefined);
  return stat?.isDirectory() === true;
}

/** Lets `live` of the central config lead to a version, in one step: it tells which one was used last. */
export async function swingCentral(root: string, app: string, version: string): Promise<void> {
  const folder = path.join(root, app);
  const staged = path.join(folder, `.live.${randomBytes(6).toString('hex')}`);
  try {
    await fs.symlink(path.join('versions', version), staged);
    await fs.rename(staged, path.join(folder, 'live'));
    await syncFolder(folder);
  } catch (error) {
    await fs.rm(staged, { force: true });
    throw agentFailure(`${folder}/live could not be changed`, error);
  }
}
