import fs from 'node:fs';
import path from 'node:path';
import type { LayerSource } from '../core/source.ts';
import { isName, nameRule, nearestName } from '../core/text/names.ts';
import { discoverWorkspaces } from '../core/workspace/discover.ts';
import { findManifest } from '../core/workspace/manifest.ts';
import { type Model, openModel } from '../core/workspace/model.ts';
import type { App, Workspace } from '../core/workspace/workspace.ts';
import { corePath, diskSource } from '../disk/diskSource.ts';
import { UsageError } from './failure.ts';

/**
 * The nearest folder, from one upwards, that holds a manifest; where there is none, the nearest that is an app.
 * An app inside of a workspace is found with all of the workspace: without it the central layers are missing.
 */
function findRoot(source: LayerSource, from: string): string | undefined {
  let app: string | undefined;
  for (let folder = path.resolve(from); ; folder = path.dirname(folder)) {
    const here = corePath(folder);
    if (findManifest(source, here) !== undefined) return here;
    if (source.list(`${here}/deploy/configuration`) !== undefined) app ??= here;
    if (folder === path.dirname(folder)) return app;
  }
}

/**
 * Opens the workspace of a folder: its own, or that of the nearest folder up that has a manifest or is an app.
 * @param folder what `-C` names; the working directory when left out.
 */
export function openWorkspace(folder: string | undefined): Model {
  const found = findWorkspace(folder);
  if (found !== undefined) return found;
  throw new UsageError(
    `no manifest (strata.yaml), app (deploy/configuration) or central layers (common.yaml) in ${corePath(folder ?? '.')}; ` +
      'name a workspace with -C, or directories with -d and -a',
  );
}

/** As {@link openWorkspace}, for work that can do without a workspace. */
export function findWorkspace(folder: string | undefined): Model | undefined {
  const source = diskSource();
  const start = folder ?? process.cwd();
  if (!fs.existsSync(start)) throw new UsageError(`there is no folder ${start}`);
  const given = corePath(start);
  const [inFolder] = discoverWorkspaces(source, [findRoot(source, given) ?? given]);
  return inFolder === undefined ? undefined : openModel(source, inFolder);
}

/** The app of that name; without a name, the only one that there is. */
export function chosenApp(workspace: Workspace, name: string | undefined): App {
  const names = workspace.apps.map((app) => app.name);
  const [only] = workspace.apps;
  if (name === undefined && only !== undefined && names.length === 1) return only;
  if (name === undefined) throw new UsageError(`name an app: ${listed(names)}`);
  const found = workspace.apps.find((app) => app.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`there is no app ${name}.${alternatives(name, names)}`);
}

/** Refuses an environment, or a cluster of it, that the workspace does not have; says which it has. */
export function checkEnvironment(workspace: Workspace, name: string, cluster?: string): void {
  const names = workspace.environments.map((one) => one.name);
  const found = workspace.environments.find((one) => one.name === name);
  if (found === undefined)
    throw new UsageError(`there is no environment ${name}.${alternatives(name, names)}`);
  if (cluster === undefined || found.clusters.includes(cluster)) return;
  if (found.clusters.length === 0) throw new UsageError(`the environment ${name} has no clusters`);
  throw new UsageError(
    `the environment ${name} has no cluster ${cluster}.${alternatives(cluster, found.clusters)}`,
  );
}

/** Refuses what cannot be a name. */
export function checkName(what: string, name: string): void {
  if (!isName(name))
    throw new UsageError(`${JSON.stringify(name)} cannot be the name of ${what}: ${nameRule}`);
}

/** What may have been meant by a name, and what there is. */
export function alternatives(name: string, known: string[]): string {
  const near = nearestName(name, known);
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return known.length === 0 ? hint : `${hint} There are: ${listed(known)}`;
}

function listed(names: string[]): string {
  return names.length > 12 ? `${names.slice(0, 12).join(', ')}, … (${names.length})` : names.join(', ');
}
