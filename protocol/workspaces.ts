import { type BalancerInfo, isBalancerInfo } from './balancers.ts';
import { isFlag, isListOf, isObject, isOrNull, isText } from './values.ts';

/** What the language server and its client say to each other about workspaces: what is deployed, and where. */
export const workspacesMethods = {
  /** Request without parameters, answered by a `WorkspaceList`. */
  workspaces: 'strata/workspaces',
  /** Notification from the server with a `WorkspaceList`: a manifest says something else, or apps came or went. */
  changed: '$/strata/workspacesChanged',
} as const;

export interface WorkspaceList {
  workspaces: WorkspaceInfo[];
}

/** One workspace, as its manifest describes it or as it was inferred. */
export interface WorkspaceInfo {
  /** Its folder, as an address. */
  root: string;
  /** The address of its manifest; `null` where it has none. */
  manifest: string | null;
  /** Why nothing may be deployed by this manifest, in words; `null` where it is right. */
  mistake: string | null;
  apps: { name: string; folder: string | null }[];
  environments: EnvironmentInfo[];
  boxes: BoxInfo[];
  /** The load balancers before them, in the order in which boxes are taken out of them. */
  balancers: BalancerInfo[];
  /** The folders of the central layers, lowest first. */
  configs: string[];
  /** What the manifest says of `artifacts`, as an agent's config takes it; `null` where it says nothing. */
  artifacts: Record<string, unknown> | null;
}

export interface EnvironmentInfo {
  name: string;
  clusters: string[];
  /** Whoever deploys there is asked twice. */
  isProtected: boolean;
}

/** A machine that runs an agent. */
export interface BoxInfo {
  name: string;
  /** Where its agent is asked: `https://…`, `http://…`, `ssh://…` or `unix:/PATH`. */
  url: string;
  environment: string;
  cluster: string | null;
  /** The apps that run there; `null` for all. */
  apps: string[] | null;
  labels: Record<string, string>;
}

/** Whether a value that came over the wire is a list of workspaces. */
export function isWorkspaceList(value: unknown): value is WorkspaceList {
  return isObject(value) && isListOf(value.workspaces, isWorkspaceInfo);
}

function isWorkspaceInfo(value: unknown): value is WorkspaceInfo {
  if (!isObject(value)) return false;
  const { root, manifest, mistake, apps, environments, boxes, balancers } = value;
  const { configs, artifacts } = value;
  return (
    isText(root) &&
    isOrNull(manifest, isText) &&
    isOrNull(mistake, isText) &&
    isListOf(apps, isAppInfo) &&
    isListOf(environments, isEnvironmentInfo) &&
    isListOf(boxes, isBoxInfo) &&
    isListOf(balancers, isBalancerInfo) &&
    isListOf(configs, isText) &&
    isOrNull(artifacts, isObject)
  );
}

function isAppInfo(value: unknown): value is WorkspaceInfo['apps'][number] {
  return isObject(value) && isText(value.name) && isOrNull(value.folder, isText);
}

function isEnvironmentInfo(value: unknown): value is EnvironmentInfo {
  return (
    isObject(value) && isText(value.name) && isListOf(value.clusters, isText) && isFlag(value.isProtected)
  );
}

function isBoxInfo(value: unknown): value is BoxInfo {
  if (!isObject(value)) return false;
  const { name, url, environment, cluster, apps, labels } = value;
  const isTextList = (one: unknown) => isListOf(one, isText);
  return (
    [name, url, environment].every(isText) &&
    isOrNull(cluster, isText) &&
    (apps === null || isTextList(apps)) &&
    isObject(labels) &&
    Object.values(labels).every(isText)
  );
}
