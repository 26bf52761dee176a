import { once } from 'node:events';
import fs from 'node:fs';
import { type AuditLog, auditLog } from './auth/auditLog.ts';
import type { AgentConfig } from './config/config.ts';
import { loadConfig } from './config/loadConfig.ts';
import type { Places } from './config/places.ts';
import { type OpenDoor, openDoor } from './http/open.ts';
import type { Agent } from './service.ts';
import { tellSystemd } from './tellSystemd.ts';
import { version } from './version.ts';

/** Starts the agent itself; the config is asked for anew whenever it counts, so that one that was reloaded does. */
export type StartAgent = (
  config: () => AgentConfig,
  shared: { audit: AuditLog; log(line: string): void },
) => Promise<Agent>;

/** How long what is being answered may take when the agent ends, in milliseconds. */
const graceMs = 5000;

/**
 * Serves a box until `SIGTERM` or `SIGINT`, or the end of standard input where it `isAttached`: then it takes no more deployments, and ends
 * when those that run can be taken up again. A second signal ends it at once; what it leaves is taken up at the next start. `SIGHUP` reads the config anew.
 */
export async function serve(
  places: Places,
  startAgent: StartAgent,
  { isAttached = false }: { isAttached?: boolean } = {},
): Promise<void> {
  let config = loadConfig(places);
  fs.mkdirSync(config.root, { recursive: true, mode: 0o755 });
  fs.mkdirSync(config.state, { recursive: true, mode: 0o700 });
  // Whoever hears what it says may go away; that ends no agent.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  let door: OpenDoor | undefined;
  // It would end the process while nobody listens to it.
  process.on('SIGHUP', () => {
    config = reloaded(door, places, config);
  });
  // One for all: a file that two write is moved away under the hands of one of them.
  const audit = auditLog(config.state);
  const agent = await startAgent(() => config, { audit, log });
  door = await openDoor(agent, config, { version, audit, log });
  for (const address of door.addresses) process.stdout.write(`listening on ${address}\n`);
  tellSystemd(log);
  const signal = await ended(isAttached);
  log(`${signal}: no more deployments are taken`);
  process.once('SIGTERM', () => process.exit(1)).once('SIGINT', () => process.exit(1));
  await agent.drain();
  await door.close(graceMs);
  await audit.close();
}

async function ended(isAttached: boolean): Promise<string> {
  const heard = ['SIGTERM', 'SIGINT'].map(async (signal) => {
    await once(process, signal);
    return signal;
  });
  return Promise.race(isAttached ? [...heard, inputEnded()] : heard);
}

/** Whoever started the agent holds the other end, which the kernel closes when that process is gone, in whatever way. */
async function inputEnded(): Promise<string> {
  process.stdin.resume();
  await Promise.race([once(process.stdin, 'end'), once(process.stdin, 'error')]);
  return 'the end of standard input';
}

/** The new config where it is right; else the old one counts on, and the log says why. */
function reloaded(door: OpenDoor | undefined, places: Places, config: AgentConfig): AgentConfig {
  try {
    const next = loadConfig(places);
    door?.reload(next);
    const changed = fixedKeys.filter((key) => textOf(next[key]) !== textOf(config[key]));
    const later =
      changed.length === 0 ? '' : ` (what it says of ${changed.join(', ')} counts from the next start on)`;
    log(`${places.config} was read again${later}`);
    const kept = Object.fromEntries(fixedKeys.map((key) => [key, config[key]]));
    return { ...next, ...kept };
  } catch (error) {
    // Whatever it is, no change of a file may end an agent that runs.
    log(`the config stays as it was:\n${(error as Error).message}`);
    return config;
  }
}

/** What an agent that runs is built on. */
const fixedKeys = [
  ...(['root', 'state', 'listen', 'repository', 'secrets'] as const),
  ...(['environment', 'cluster', 'hostname', 'configs', 'webhooks', 'link'] as const),
];

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one) => (one instanceof RegExp ? one.source : one));
}

function log(line: string): void {
  process.stderr.write(`strata-agent: ${line}\n`);
}
