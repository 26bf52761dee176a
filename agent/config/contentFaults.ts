import { ArtifactError } from '../../artifact/failure.ts';
import { trustFrom } from '../../artifact/signing/trustSettings.ts';
import type { LayerNode, MappingNode } from '../../core/yaml/tree.ts';
import type { AgentConfig } from './config.ts';
import type { PlacedFault } from './fault.ts';
import { isLoopback, readAddress } from './listen.ts';

/** The longest path that a unix socket can have on Linux, in bytes. */
const maxSocketPath = 107;

/** What a schema cannot say of a config: addresses, patterns, keys, and what does not go together. */
export function contentFaults(root: MappingNode, config: AgentConfig): PlacedFault[] {
  return [
    ...addressFaults(root, config),
    ...socketFaults(root, config),
    ...patternFaults(root),
    ...healthFaults(root),
    ...configsFaults(root),
    ...trustFaults(root, config),
    ...webhookFaults(root, config),
  ];
}

function addressFaults(root: MappingNode, { listen }: AgentConfig): PlacedFault[] {
  const { address, tls } = listen;
  const says = (key: string) => nodeAt(root, ['listen', key]) !== undefined;
  const files = ['certificate', 'key', 'clientCertificates'].find(says);
  if (address === undefined) {
    if (says('address')) return faultAt(root, ['listen', 'address'], portMessage);
    return files === undefined ? [] : faultAt(root, ['listen', files], 'counts only beside an `address`');
  }
  if (tls !== undefined) return [];
  if (!isLoopback(address.host)) {
    return faultAt(root, ['listen', 'tls'], 'an address that others can reach needs TLS: leave this out');
  }
  return files === undefined ? [] : faultAt(root, ['listen', files], 'does not count with `tls: false`');
}

const portMessage = 'a port is at most 65535';

function socketFaults(root: MappingNode, { listen: { socket } }: AgentConfig): PlacedFault[] {
  const bytes = Buffer.byteLength(socket);
  if (bytes <= maxSocketPath) return [];
  const message = `a unix socket's path has at most ${maxSocketPath} bytes, and ${socket} has ${bytes}: name a shorter one`;
  return faultAt(root, ['listen', 'socket'], message);
}

function patternFaults(root: MappingNode): PlacedFault[] {
  const list = nodeAt(root, ['secrets']);
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => {
    if (item.kind !== 'string') return [];
    try {
      new RegExp(item.value, 'iu');
      return [];
    } catch (error) {
      return [{ range: item.range, message: (error as Error).message }];
    }
  });
}

function healthFaults(root: MappingNode): PlacedFault[] {
  const apps = nodeAt(root, ['apps']);
  if (apps?.kind !== 'mapping') return [];
  return [...apps.entries.values()].flatMap(({ value: app }) => {
    const health = nodeAt(app, ['health']);
    if (health?.kind !== 'mapping') return [];
    const tcp = nodeAt(health, ['tcp']);
    if (tcp?.kind === 'string' && readAddress(tcp.value) === undefined)
      return [{ range: tcp.range, message: portMessage }];
    const named = ['http', 'tcp', 'command'].filter((kind) => health.entries.has(kind));
    const message = 'name one check: `http`, `tcp` or `command`';
    return named.length === 1 ? [] : [{ range: health.range, message }];
  });
}

function configsFaults(root: MappingNode): PlacedFault[] {
  if (nodeAt(root, ['configs', 'folder']) === undefined) return [];
  const other = ['app', 'channel'].find((key) => nodeAt(root, ['configs', key]) !== undefined);
  const message =
    'does not count beside `folder`: the central config is an artifact, or a folder of this box';
  return other === undefined ? [] : faultAt(root, ['configs', other], message);
}

function trustFaults(root: MappingNode, { repository }: AgentConfig): PlacedFault[] {
  try {
    trustFrom(repository.trust, []);
    return [];
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return faultAt(root, ['repository', 'trust'], error.message);
  }
}

/** Each has a queue by its name. */
function webhookFaults(root: MappingNode, { webhooks }: AgentConfig): PlacedFault[] {
  const list = nodeAt(root, ['webhooks']);
  if (list?.kind !== 'list') return [];
  const names = webhooks.map(({ name }) => name);
  return list.items.flatMap(({ range }, at) => {
    const name = names[at] ?? '';
    const message = `another webhook is called \`${name}\`: give this one a \`name\``;
    return names.indexOf(name) < at ? [{ range, message }] : [];
  });
}

/** A fault at the value of a path; at what is around it where there is none. */
function faultAt(root: MappingNode, path: readonly string[], message: string): PlacedFault[] {
  for (let length = path.length; length > 0; length--) {
    const node = nodeAt(root, path.slice(0, length));
    if (node !== undefined) return [{ range: node.range, message }];
  }
  return [{ range: { start: 0, end: 0 }, message }];
}

function nodeAt(root: LayerNode, path: readonly string[]): LayerNode | undefined {
  let node: LayerNode | undefined = root;
  for (const key of path) node = node?.kind === 'mapping' ? node.entries.get(key)?.value : undefined;
  return node;
}
