import fs from 'node:fs/promises';
import path from 'node:path';
import { isObject, parsed } from '../../artifact/signing/manifest.ts';
import { configurationData } from './configurationText.ts';
import type { ReleaseConfiguration } from './render.ts';
import type { FileOwner } from './settings.ts';
import { writeTogether } from './writeTogether.ts';

/** The files of a release that hold its configuration. */
export const configurationName = 'configuration.json';
export const publicName = 'configuration_public.json';
/** Which central config they were made with. */
const sourceName = '.strata-configuration.json';

/** Writes the configuration of a release into it: all of its files, or none. */
export async function writeConfiguration(
  release: string,
  { text, publicText }: ReleaseConfiguration,
  centralVersion: string | undefined,
  owner: FileOwner | undefined,
): Promise<void> {
  const source = `${JSON.stringify({ central: centralVersion ?? null })}\n`;
  const files = [
    { file: path.join(release, configurationName), text },
    { file: path.join(release, sourceName), text: source },
    ...(publicText === undefined ? [] : [{ file: path.join(release, publicName), text: publicText }]),
  ];
  await writeTogether(files, owner);
}

/** The version of the central config that a release was configured with; nothing where that is not known. */
export async function centralVersionOf(release: string): Promise<string | undefined> {
  const text = await textOf(path.join(release, sourceName));
  const said = text === undefined ? undefined : parsed(text);
  return isObject(said) && typeof said.central === 'string' ? said.central : undefined;
}

/** A file's text; nothing where there is none. */
export async function textOf(file: string): Promise<string | undefined> {
  try {
    return await fs.readFile(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The configuration in a release as plain data, for steps; empty where it has none. */
export async function readConfiguration(release: string): Promise<Record<string, unknown>> {
  return configurationData((await textOf(path.join(release, configurationName))) ?? '');
}
