import { problem } from '../problem.ts';
import { isName } from '../text/names.ts';
import type { Report } from '../yaml/report.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import type { Box } from './boxSettings.ts';

/** A load balancer before boxes, as a manifest describes it. */
export interface BalancerSettings {
  name: string;
  environment: string;
  /** Its boxes are those of a cluster; of the whole environment where that is `null`. */
  cluster: string | null;
  /** The apps that get requests through it; all where that is `null`. */
  apps: string[] | null;
  /** How long requests that a box has are waited for, in milliseconds. */
  drainMs: number;
  /** How long a command may take, and a box until it is up again, in milliseconds. */
  timeoutMs: number;
  /** By HAProxy's runtime API; `{box}` and the like stand for what is meant. */
  haproxy: { address: string; backend: string; server: string } | null;
  /** By commands without a shell, likewise. */
  commands: { out: string[]; in: string[] } | null;
}

const usualDrainMs = 30_000;
const usualTimeoutMs = 60_000;

/** Reads the manifest's key `balancers`. What has the wrong form is told by the schema; what cannot be is told here. */
export function readBalancers(
  report: Report,
  node: LayerNode | undefined,
  boxes: readonly Box[],
): BalancerSettings[] | undefined {
  if (node?.kind !== 'mapping') return undefined;
  return [...node.entries].flatMap(([name, { keyRange, value }]) => {
    if (value.kind !== 'mapping' || !isName(name)) return [];
    const fault = wayFault(value);
    if (fault !== undefined) {
      const place = { file: report.file, range: fault.at?.range ?? keyRange };
      report.problems.push(problem('manifest', place, fault.message));
      return [];
    }
    const read = readBalancer(name, value);
    if (read === undefined) return [];
    checkServer(report, value, read, boxes);
    return [read];
  });
}

function readBalancer(name: string, node: MappingNode): BalancerSettings | undefined {
  const environment = textAt(node, 'environment');
  const [haproxy, commands] = [haproxyOf(node), commandsOf(node)];
  if (environment === undefined || (haproxy === null && commands === null)) return undefined;
  const apps = node.entries.get('apps')?.value;
  return {
    ...{ name, environment, cluster: textAt(node, 'cluster') ?? null },
    apps: apps?.kind === 'list' ? textsOf(apps) : null,
    drainMs: timeOf(textAt(node, 'drain')) ?? usualDrainMs,
    timeoutMs: timeOf(textAt(node, 'timeout')) ?? usualTimeoutMs,
    ...{ haproxy, commands },
  };
}

function haproxyOf(node: MappingNode): BalancerSettings['haproxy'] {
  const said = mappingAt(node, 'haproxy');
  const address = said && textAt(said, 'address');
  if (said === undefined || address === undefined) return null;
  return {
    address,
    backend: textAt(said, 'backend') ?? '{app}',
    server: textAt(said, 'server') ?? '{box}',
  };
}

function commandsOf(node: MappingNode): BalancerSettings['commands'] {
  const said = mappingAt(node, 'commands');
  const [out, back] = ['out', 'in'].map((key) => said?.entries.get(key)?.value);
  return out?.kind === 'list' && back?.kind === 'list' ? { out: textsOf(out), in: textsOf(back) } : null;
}

/** What is wrong with how a balancer is told. */
function wayFault(node: MappingNode): { message: string; at?: LayerNode | undefined } | undefined {
  const [haproxy, commands] = ['haproxy', 'commands'].map((key) => node.entries.get(key)?.value);
  if ((haproxy === undefined) === (commands === undefined)) {
    return { message: 'say how the balancer is told: by `haproxy` or by `commands`, one of them' };
  }
  const address = haproxy?.kind === 'mapping' ? haproxy.entries.get('address')?.value : undefined;
  if (address?.kind !== 'string') return undefined;
  const message = addressFault(address.value);
  return message === undefined ? undefined : { message, at: address };
}

/** Why the text cannot be where HAProxy's runtime API is asked. */
function addressFault(text: string): string | undefined {
  const isSocket = /^unix:(\/\/)?\/[^/]/.test(text);
  const isHost = /^tcp:\/\/(\[[0-9a-f:.]+\]|[a-z0-9][a-z0-9._-]*):\d{1,5}$/i.test(text);
  return isSocket || isHost
    ? undefined
    : `\`${text}\` is no address of HAProxy's runtime API: write tcp://HOST:PORT, or unix:///PATH`;
}

/** Several boxes cannot be one server. */
function checkServer(
  report: Report,
  node: MappingNode,
  { environment, cluster, haproxy }: BalancerSettings,
  boxes: readonly Box[],
): void {
  const server = mappingAt(node, 'haproxy')?.entries.get('server')?.value;
  if (haproxy === null || server === undefined || /\{(box|labels\.)/.test(haproxy.server)) return;
  const behind = boxes.filter(
    (one) => one.environment === environment && (cluster === null || one.cluster === cluster),
  );
  if (behind.length < 2) return;
  const message = `\`${haproxy.server}\` would be ${behind.length} boxes: put \`{box}\` into it, or \`{labels.NAME}\``;
  report.problems.push(problem('manifest', { file: report.file, range: server.range }, message));
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function timeOf(text: string | undefined): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,6})(ms|s|m|h)$/.exec(text ?? '') ?? [];
  return digits === undefined ? undefined : Number(digits) * (unitMs[unit] ?? 0);
}

function mappingAt(node: MappingNode, key: string): MappingNode | undefined {
  const value = node.entries.get(key)?.value;
  return value?.kind === 'mapping' ? value : undefined;
}

function textAt(node: MappingNode, key: string): string | undefined {
  const value = node.entries.get(key)?.value;
  return value?.kind === 'string' && value.value !== '' ? value.value : undefined;
}

function textsOf(list: LayerNode & { kind: 'list' }): string[] {
  return list.items.flatMap((one) => (one.kind === 'string' ? [one.value] : []));
}
