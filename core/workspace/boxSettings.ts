import { problem } from '../problem.ts';
import { isName } from '../text/names.ts';
import type { Report } from '../yaml/report.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import type { Environment } from './workspace.ts';

/** A machine that apps are deployed to, as a manifest describes it. */
export interface Box {
  name: string;
  /** Where its agent is asked: `https://…`, `http://…`, `ssh://…`, or `unix:/PATH` on this machine. */
  url: string;
  environment: string;
  cluster?: string;
  /** The apps that run there; all where nothing is said. */
  apps?: string[];
  labels: Record<string, string>;
}

const schemes = ['https:', 'http:', 'ssh:'];

/** Reads the manifest's key `boxes`. What has the wrong form is told by the schema; what cannot be is told here. */
export function readBoxes(report: Report, node: LayerNode | undefined): Box[] | undefined {
  if (node?.kind !== 'mapping') return undefined;
  return [...node.entries].flatMap(([name, { keyRange, value }]) => {
    const box = value.kind === 'mapping' && isName(name) ? readBox(name, value) : undefined;
    if (box === undefined || value.kind !== 'mapping') return [];
    const fault = urlFault(box.url);
    if (fault === undefined) return [box];
    const range = value.entries.get('url')?.value.range ?? keyRange;
    report.problems.push(problem('manifest', { file: report.file, range }, fault));
    return [];
  });
}

/** Tells of boxes, or balancers, that stand in an environment, a cluster or for an app that the workspace does not have. */
export function checkPlaces(
  report: Report,
  node: LayerNode | undefined,
  known: {
    environments?: readonly Environment[] | undefined;
    apps?: readonly { name: string }[] | undefined;
  },
): void {
  if (node?.kind !== 'mapping') return;
  for (const { value } of node.entries.values()) {
    if (value.kind !== 'mapping') continue;
    checkPlace(report, value, known.environments);
    checkApps(report, value, known.apps);
  }
}

function checkPlace(report: Report, box: MappingNode, known: readonly Environment[] | undefined): void {
  const environment = box.entries.get('environment')?.value;
  if (known === undefined || environment?.kind !== 'string') return;
  const found = known.find((one) => one.name === environment.value);
  if (found === undefined) {
    const all = known.map((one) => one.name);
    unknown(report, environment, `there is no environment \`${environment.value}\``, all);
    return;
  }
  const cluster = box.entries.get('cluster')?.value;
  if (cluster?.kind !== 'string' || found.clusters.includes(cluster.value)) return;
  const what = `the environment \`${found.name}\` has no cluster \`${cluster.value}\``;
  unknown(report, cluster, what, found.clusters);
}

function checkApps(report: Report, box: MappingNode, known: readonly { name: string }[] | undefined): void {
  const apps = box.entries.get('apps')?.value;
  if (known === undefined || apps?.kind !== 'list') return;
  const names = known.map((one) => one.name);
  for (const item of apps.items) {
    if (item.kind !== 'string' || names.includes(item.value)) continue;
    unknown(report, item, `there is no app \`${item.value}\``, names);
  }
}

function unknown(report: Report, at: LayerNode, what: string, known: readonly string[]): void {
  const there = known.length === 0 ? '' : `; there are: ${known.join(', ')}`;
  const place = { file: report.file, range: at.range };
  report.problems.push(problem('manifest', place, what + there));
}

function readBox(name: string, node: MappingNode): Box | undefined {
  const [url, environment, cluster] = ['url', 'environment', 'cluster'].map((key) => textAt(node, key));
  if (url === undefined || environment === undefined) return undefined;
  const apps = node.entries.get('apps')?.value;
  const labels = node.entries.get('labels')?.value;
  return {
    ...{ name, url, environment },
    ...(cluster === undefined ? {} : { cluster }),
    ...(apps?.kind === 'list'
      ? { apps: apps.items.flatMap((one) => (one.kind === 'string' ? [one.value] : [])) }
      : {}),
    labels: labels?.kind === 'mapping' ? labelsOf(labels) : {},
  };
}

function labelsOf(node: MappingNode): Record<string, string> {
  const pairs = [...node.entries].flatMap(([key, { value }]): [string, string][] => {
    const isText = value.kind !== 'mapping' && value.kind !== 'list' && 'value' in value;
    return isText ? [[key, String(value.value)]] : [];
  });
  return Object.fromEntries(pairs);
}

/** Why the text cannot be where an agent is asked. */
export function urlFault(text: string): string | undefined {
  // Its socket, on this machine: that of a local agent.
  if (/^unix:\/(?!\/)./i.test(text)) return undefined;
  const scheme = /^[a-z][a-z0-9+.-]*:(?=\/\/)/i.exec(text)?.[0].toLowerCase();
  if (scheme === undefined || !schemes.includes(scheme)) {
    return `\`${shown(text)}\` is no address of an agent: write https://HOST:PORT, or ssh://HOST`;
  }
  const [authority = ''] = text.slice(scheme.length + 2).split(/[/?#]/);
  if (/:[^@]*@/.test(authority)) {
    return 'a password does not belong into the manifest: keep tokens in the environment or in the file of credentials';
  }
  // A name that begins with `-` would be an option of ssh.
  return /^(\w[\w.-]*@)?(\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9._-]*)(:\d{1,5})?$/i.test(authority)
    ? undefined
    : `\`${shown(text)}\` names no host: write https://HOST:PORT, or ssh://HOST`;
}

/** What may be a password is not shown. */
function shown(text: string): string {
  return text.replace(/\/\/[^/@]*@/, '//…@');
}

function textAt(node: MappingNode, key: string): string | undefined {
  const value = node.entries.get(key)?.value;
  return value?.kind === 'string' && value.value !== '' ? value.value : undefined;
}
