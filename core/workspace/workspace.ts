import { type Context, context } from '../layers/context.ts';
import { localEnvironment, type Scheme } from '../layers/scheme.ts';
import type { Problem } from '../problem.ts';
import { joinPath } from '../text/paths.ts';
import type { ArtifactSettings } from './artifactSettings.ts';
import type { BalancerSettings } from './balancerSettings.ts';
import type { Box } from './boxSettings.ts';
import type { BuildSettings, Compression } from './buildSettings.ts';

/** A deployable application. */
export interface App {
  name: string;
  /** The app's folder; absent when only central layers speak of the app. */
  folder?: string;
  /** How it is built, where the manifest says so. */
  build?: BuildSettings;
  /** How its artifacts are packed, where the manifest says so. */
  compression?: Compression;
}

/** An environment and the named parts it has. */
export interface Environment {
  name: string;
  clusters: string[];
  /** Whether a person must type its name before anything is deployed to it. */
  isProtected?: boolean;
}

/** How a higher layer may change a lower one. */
export interface MergePolicy {
  lists: 'append' | 'replace';
  types: 'strict' | 'lenient';
}

/** Which YAML the apps read. */
export type YamlVersion = '1.1' | '1.2';

/** Everything that decides which files are layers of what: read from a manifest or inferred from the files. */
export interface Workspace {
  /** The folder that paths are shown from. */
  root: string;
  /** The manifest's path, where there is one. */
  manifest?: string;
  scheme: Scheme;
  /** The central config directories, lowest first. */
  configs: string[];
  apps: App[];
  environments: Environment[];
  merge: MergePolicy;
  yaml: YamlVersion;
  /** Where artifacts are kept and whose may be used, where the manifest says so. */
  artifacts?: ArtifactSettings;
  /** The machines that apps are deployed to, where the manifest names them. */
  boxes?: Box[];
  /** The load balancers before them, in the order in which boxes are taken out of them. */
  balancers?: BalancerSettings[];
  /** What is wrong with the manifest. */
  problems: Problem[];
}

/** The merge of yoconfigurator: lists append, types must agree. */
export const defaultPolicy: MergePolicy = { lists: 'append', types: 'strict' };

/** The folder of an app's own layers; `undefined` for an app that has no folder. */
export function appDirectory(workspace: Workspace, app: App): string | undefined {
  return app.folder === undefined ? undefined : joinPath(app.folder, workspace.scheme.appDirectory);
}

/**
 * Every context of an app as it is deployed: each environment, or each of its clusters where it has
 * some. The environment `local` is in local mode.
 */
export function contextsOf(workspace: Workspace, app: string): Context[] {
  return workspace.environments.flatMap((environment) =>
    environment.clusters.length === 0
      ? [context(app, environment.name)]
      : environment.clusters.map((cluster) => context(app, environment.name, { cluster })),
  );
}

/** The contexts of an app in build mode: one for every deployed context outside of `local`. */
export function buildContextsOf(workspace: Workspace, app: string): Context[] {
  return contextsOf(workspace, app)
    .filter((one) => one.environment !== localEnvironment)
    .map((one) => ({ ...one, mode: 'build' as const }));
}

const appsByName = new WeakMap<readonly App[], Map<string, App>>();

/** The app of a name; looked up at once in workspaces of any size. */
export function appNamed({ apps }: Workspace, name: string): App | undefined {
  const known = appsByName.get(apps) ?? new Map(apps.map((app) => [app.name, app]));
  appsByName.set(apps, known);
  return known.get(name);
}
