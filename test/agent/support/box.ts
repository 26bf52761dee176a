import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import type { AgentOptions } from '../../../agent/deploy/options.ts';
import type { AppSettings } from '../../../agent/deploy/settings.ts';
import { startAgent } from '../../../agent/deploy/startAgent.ts';
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import type { Agent } from '../../../agent/service.ts';
import { listTree } from '../../../artifact/archive/listTree.ts';
import { packArchiveFile } from '../../../artifact/archive/pack.ts';
import { openRepository, type Repository, seriesOf } from '../../../artifact/repository/repository.ts';
import { upload } from '../../../artifact/repository/upload.ts';
import { localStore } from '../../../artifact/store/localStore.ts';
import type { Deployment, DeploymentRequest } from '../../../protocol/deployment.ts';
import type { DeploymentEvent } from '../../../protocol/deploymentEvents.ts';
import { ci, newFolder, trustAll, trustCi } from '../../support/repository.ts';

/** A box of tests: a root of its own, and a repository that it deploys from. */
export interface TestBox {
  root: string;
  store: string;
  repository: Repository;
}

export const me = { name: 'ann' };

export function newBox(root: string = newFolder()): TestBox {
  const store = newFolder();
  return { root, store, repository: openRepository(localStore(store), trustCi) };
}

/** Files of a release, by their paths; those of `deploy/hooks` are executable shell scripts. */
export type Files = Record<string, string | Buffer>;

/** Uploads a version of the shop, signed unless told. */
export async function uploadApp(
  box: TestBox,
  version: string,
  files: Files = {},
  {
    app = 'shop',
    channel = 'master',
    artifact = '',
    top = '',
    isSigned = true,
    metadata = {} as Record<string, string>,
  } = {},
): Promise<void> {
  const source = newFolder();
  for (const [name, text] of Object.entries({ 'version.txt': version, ...files })) {
    const file = path.join(source, name);
    const isHook = name.startsWith('deploy/hooks/');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, isHook ? `#!/bin/sh\n${text}` : text, { mode: isHook ? 0o755 : 0o644 });
  }
  const file = path.join(newFolder(), 'archive');
  const sources = [{ root: source, names: listTree(source) }];
  await packArchiveFile(file, { top: top || app, sources, mtime: 1_700_000_000, compression: 'gzip' });
  const repository = isSigned ? box.repository : openRepository(box.repository.store, trustAll);
  await upload(repository, seriesOf(app, { channel, artifact: artifact || `${app}.tar.gz` }), {
    version,
    file,
    key: isSigned ? ci : undefined,
    metadata,
  });
}

/** A box with the same in it, and the same repository. */
export function copyOf(box: TestBox): TestBox {
  const root = path.join(newFolder(), 'root');
  fs.cpSync(box.root, root, { recursive: true, verbatimSymlinks: true });
  return { ...box, root };
}

/** What tests tell an agent. */
export interface TestOptions extends Partial<AgentOptions> {
  app?: Partial<AppSettings>;
}

/** Options of an agent over a box. */
export function agentOptions(box: TestBox, { app, ...more }: TestOptions = {}): AgentOptions {
  const state = path.join(box.root, '.strata-agent');
  const noPlan = () => Promise.reject(new Error('there are no plans here'));
  return {
    root: box.root,
    repository: box.repository,
    journals: fileJournals(state),
    settings: () => ({ environment: 'qa', hookGraceMs: 500, ...app }),
    plan: noPlan,
    config: noPlan,
    ...more,
  };
}

/** Does something with an agent that is drained then. */
export async function withAgent<T>(
  box: TestBox,
  options: TestOptions,
  work: (agent: Agent) => Promise<T>,
): Promise<T> {
  const agent = await startAgent(agentOptions(box, options));
  try {
    return await work(agent);
  } finally {
    await agent.drain();
  }
}

/** Deploys, and waits for the end. */
export async function deploy(agent: Agent, request: Partial<DeploymentRequest> = {}): Promise<Deployment> {
  const { id } = await agent.deploy({ app: 'shop', ...request }, me, undefined);
  return await ended(agent, id);
}

/** A deployment when it has ended. */
export async function ended(agent: Agent, id: string): Promise<Deployment> {
  await eventsUntil(agent, id, ({ type }) => type === 'end');
  return await agent.deployment(id);
}

/** The events of a deployment up to one that is waited for. */
export async function eventsUntil(
  agent: Agent,
  id: string,
  isLast: (event: DeploymentEvent) => boolean,
): Promise<DeploymentEvent[]> {
  const found: DeploymentEvent[] = [];
  const signal = new AbortController().signal;
  for await (const event of agent.events(id, 0, { follow: true, signal })) {
    found.push(event);
    if (isLast(event)) return found;
  }
  throw new Error(`${id} ended before what was waited for: ${JSON.stringify(found.slice(-3))}`);
}

/** The states and lines of a deployment that has ended, a text each. */
export async function story(agent: Agent, id: string): Promise<string[]> {
  const events = await eventsUntil(agent, id, ({ type }) => type === 'end');
  return events.flatMap((event) => {
    if (event.type === 'state') return [event.state];
    if (event.type === 'log')
      return event.stream === 'agent' ? [] : [`${event.stage} ${event.stream}: ${event.text}`];
    if (event.type === 'end') return [`end ${event.result}`];
    return event.type === 'health' ? [`health ${event.isHealthy}`] : [];
  });
}

/** Waits for a file that something else makes. */
export async function fileThere(file: string): Promise<void> {
  const stop = new AbortController();
  const watcher = fs.watch(path.dirname(file), { signal: stop.signal });
  try {
    while (!fs.existsSync(file)) await once(watcher, 'change');
  } finally {
    stop.abort();
  }
}

/** What `live` leads to: the text of its version file; nothing where nothing is live. */
export function liveVersion({ root }: TestBox, app = 'shop'): string | undefined {
  const file = path.join(root, app, 'live/version.txt');
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}

/** What is in `versions`, but for empty staging. */
export function releaseNames({ root }: TestBox, app = 'shop'): string[] {
  return fs
    .readdirSync(path.join(root, app, 'versions'))
    .filter((name) => name !== 'unpack')
    .sort();
}

/** What staging folders are left. */
export function leftovers({ root }: TestBox, app = 'shop'): string[] {
  const unpack = path.join(root, app, 'versions/unpack');
  return fs.existsSync(unpack) ? fs.readdirSync(unpack) : [];
}
