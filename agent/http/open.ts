import type http from 'node:http';
import https from 'node:https';
import type net from 'node:net';
import { promisify } from 'node:util';
import { heartbeatMs as usualHeartbeatMs } from '../../protocol/deploymentEvents.ts';
import type { AuditLog } from '../auth/auditLog.ts';
import { failureLimit } from '../auth/failureLimit.ts';
import type { AgentConfig } from '../config/config.ts';
import type { Agent } from '../service.ts';
import type { Door } from './call.ts';
import { newCounts } from './counts.ts';
import { listenOn, listenOnSocket } from './listen.ts';
import { limitServer, makeServer } from './server.ts';
import { readTls } from './tls.ts';

/** The open door before an agent. */
export interface OpenDoor {
  /** Where the agent is reached, `https://127.0.0.1:7878` and `unix:/run/…`. */
  addresses: string[];
  /** From now on another config counts: certificates and limits for connections to come; where it listens stays. */
  reload(config: AgentConfig): void;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Takes no more connections, ends streams of events, and lets what else is being answered end, for so many milliseconds. */
  close(graceMs: number): Promise<void>;
}

export interface OpenOptions {
  version: string;
  /** Who closes it is who opened it. */
  audit: AuditLog;
  log(line: string): void;
  /** How long a stream of events may be silent, in milliseconds; as the protocol says when left out. */
  heartbeatMs?: number;
}

/** Opens the door: the unix socket, and the address where there is one. `invalid`, `unavailable`. */
export async function openDoor(
  agent: Agent,
  first: AgentConfig,
  { version, audit, log, heartbeatMs = usualHeartbeatMs }: OpenOptions,
): Promise<OpenDoor> {
  let config = first;
  const closing = new AbortController();
  const door: Door = {
    agent,
    config: () => config,
    version,
    audit,
    failures: failureLimit(() => config.limits.failures),
    counts: newCounts(),
    heartbeatMs,
    closing: closing.signal,
    log,
  };
  const { servers, addresses } = await listenAll(door, first);
  const closed = servers.map((server) => new Promise((resolve) => server.once('close', resolve)));
  return {
    addresses,
    reload(next) {
      reloadTls(servers, next);
      for (const server of servers) limitServer(server, next.limits);
      config = { ...next, listen: first.listen, state: first.state };
    },
    connections: async () =>
      (await Promise.all(servers.map(connectionsOf))).reduce((sum, one) => sum + one, 0),
    async close(graceMs) {
      for (const server of servers) server.close();
      closing.abort();
      const cut = setTimeout(() => {
        for (const server of servers) server.closeAllConnections();
      }, graceMs);
      await Promise.all(closed);
      clearTimeout(cut);
    },
  };
}

type Server = http.Server | https.Server;

function connectionsOf(server: Server): Promise<number> {
  return promisify(server.getConnections.bind(server))();
}

async function listenAll(
  door: Door,
  { listen }: AgentConfig,
): Promise<{ servers: Server[]; addresses: string[] }> {
  const local = makeServer(door, 'socket', undefined);
  const addresses = [`unix:${listen.socket}`];
  const { address, tls } = listen;
  // What can be wrong is found before anything is open.
  const network =
    address === undefined
      ? undefined
      : makeServer(door, 'network', tls === undefined ? undefined : readTls(tls));
  await listenOnSocket(local, listen);
  if (network === undefined || address === undefined) return { servers: [local], addresses };
  try {
    const scheme = network instanceof https.Server ? 'https' : 'http';
    addresses.unshift(`${scheme}://${hostAndPort(await listenOn(network, address))}`);
  } catch (error) {
    local.close();
    throw error;
  }
  return { servers: [network, local], addresses };
}

function hostAndPort({ address, family, port }: net.AddressInfo): string {
  return `${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function reloadTls(servers: readonly Server[], { listen: { tls } }: AgentConfig): void {
  if (tls === undefined) return;
  const texts = readTls(tls);
  for (const server of servers) if (server instanceof https.Server) server.setSecureContext(texts);
}
