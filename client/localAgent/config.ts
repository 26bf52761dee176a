import path from 'node:path';
import { isObject } from '../../protocol/values.ts';

/** What an agent on this machine is for. Paths are absolute. */
export interface AgentPurpose {
  /** The folder of the workspace whose apps it deploys. */
  root: string;
  environment: string;
  cluster: string | null;
  /** The folders of the central layers, lowest first. */
  configs: readonly string[];
  /** What the manifest says of `artifacts`. */
  artifacts: Readonly<Record<string, unknown>> | null;
}

/**
 * The agent's config: it deploys from where `strata build` puts artifacts, with the central layers as they are in the workspace, and is
 * asked by a socket that is its user's alone.
 */
export function agentConfig(of: AgentPurpose, socket: string): string {
  const { root, environment, cluster, configs } = of;
  const config = {
    environment,
    ...(cluster === null ? {} : { cluster }),
    listen: { socket },
    repository: repository(of),
    ...(configs.length === 0
      ? {}
      : { configs: { folder: root, folders: configs.map((one) => path.relative(root, one) || '.') } }),
  };
  // JSON is YAML: nothing in a name can mean anything else.
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** What is built on this machine needs no signature, unless the manifest says whom to trust. */
function repository({ root, artifacts }: AgentPurpose): Record<string, unknown> {
  const { store = path.join(root, '.strata/artifacts'), trust, ...others } = artifacts ?? {};
  return { store, ...others, trust: isObject(trust) ? trust : { unsigned: ['*'] } };
}
