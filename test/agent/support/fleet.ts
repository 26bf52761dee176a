import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { openRepository, type Repository } from '../../../artifact/repository/repository.ts';
import { localStore } from '../../../artifact/store/localStore.ts';
import { cliFile, type Run, strata } from '../../support/cli.ts';
import { ci, newFolder, trustCi } from '../../support/repository.ts';
import { writeFile, writeFiles } from '../../support/workspaceFiles.ts';
import { type RunningAgent, runAgent, strataAgent } from './agentCommand.ts';
import { uploadApp } from './box.ts';

/** A box of a fleet, with an agent that is a process of its own. */
export interface FleetBox {
  name: string;
  root: string;
  url: string;
  agent: RunningAgent;
  /** What `live` leads to: the text of its version file. */
  live(app?: string): string | undefined;
  /** Makes a file in the root, which hooks look for; or takes it away. */
  mark(name: string, isThere?: boolean): void;
}

/** Some boxes that deploy from one store, and a person who may deploy to them. */
export interface Fleet {
  boxes: FleetBox[];
  repository: Repository;
  store: string;
  workspace: string;
  state: string;
  env: Record<string, string>;
  strata(args: readonly string[], env?: Record<string, string>): Promise<Run>;
  /** Starts the command, which can be killed. */
  start(args: readonly string[]): { child: ChildProcess; ended: Promise<Run> };
  /** Uploads a version of the shop, whose hooks look at the marks of the box. */
  upload(version: string): Promise<void>;
}

/** `fails` and `breaks` let the hooks fail, `waits` lets `prepare` wait, which tells that by the mark `waiting`. */
const hooks = {
  'deploy/hooks/prepare': `
echo preparing
test ! -e "$STRATA_ROOT/fails" || { echo no such table >&2; exit 1; }
if test -e "$STRATA_ROOT/waits"; then touch "$STRATA_ROOT/waiting"; while test -e "$STRATA_ROOT/waits"; do sleep 0.02; done; fi
`,
  'deploy/hooks/deployed': 'test "$STRATA_VERSION" = 1 || test ! -e "$STRATA_ROOT/breaks"',
};

export interface FleetOptions {
  store?: string;
  /** More of each agent's config, as YAML. */
  config?: string;
  /** A workspace that is there already; its manifest gets the boxes. */
  workspace?: string;
  environment?: string;
  cluster?: string;
  /** Where unsigned artifacts come from, too. */
  trust?: string;
  /** A run of the command that takes longer, in milliseconds, hangs. */
  mostMs?: number;
  /** More of the environment, in the manifest. */
  environments?: string;
}

/** Starts agents `b1`, `b2`, …, each with a root of its own. */
export async function startFleet(count: number, options: FleetOptions = {}): Promise<Fleet> {
  const { store = newFolder(), environment = 'qa' } = options;
  const started = Array.from({ length: count }, (_, at) => startBox(`b${at + 1}`, store, options));
  const all = await Promise.all(started);
  const boxes = all.map(({ box }) => box);
  const workspace = options.workspace ?? writeFiles('');
  const known = path.join(workspace, 'strata.yaml');
  const manifest = fs.existsSync(known) ? fs.readFileSync(known, 'utf8') : freshManifest(options);
  const cluster = options.cluster === undefined ? '' : `, cluster: ${options.cluster}`;
  const entries = boxes.map(
    ({ name, url }) => `  ${name}: {url: "${url}", environment: ${environment}${cluster}}\n`,
  );
  writeFile(workspace, 'strata.yaml', `${manifest}\nboxes:\n${entries.join('')}`);
  const state = newFolder();
  const tokens = Object.fromEntries(
    all.map(({ box, token }) => [`STRATA_TOKEN_${box.name.toUpperCase()}`, token]),
  );
  const env = { XDG_CONFIG_HOME: newFolder(), XDG_STATE_HOME: state, STRATA_TOKEN: '', ...tokens };
  const repository = openRepository(localStore(store), trustCi);
  return {
    ...{ boxes, store, workspace, state, env, repository },
    upload: (version) => uploadApp({ root: '', store, repository }, version, hooks),
    start(args) {
      const child = spawn(process.execPath, [cliFile, ...args], {
        cwd: workspace,
        env: { ...process.env, ...env },
      });
      const output = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('utf8').on('data', (chunk: string) => {
          output[stream] += chunk;
        });
      }
      return { child, ended: once(child, 'close').then(([code]) => ({ code, ...output })) };
    },
    strata: (args, more = {}) =>
      strata(args, { cwd: workspace, env: { ...env, ...more }, mostMs: options.mostMs ?? 40_000 }),
  };
}

function freshManifest({ environments = 'qa: {}' }: FleetOptions): string {
  return `environments: {${environments}}\napps: {shop: {folder: .}}\n`;
}

async function startBox(
  name: string,
  store: string,
  options: FleetOptions,
): Promise<{ box: FleetBox; token: string }> {
  const root = writeFiles('');
  const { environment = 'qa', cluster, config = '' } = options;
  fs.mkdirSync(path.join(root, '.strata'));
  fs.mkdirSync(path.join(root, '.configs'));
  const trust = options.trust ?? `trust: {keys: [{name: ci, key: "${ci.public.text}"}]}`;
  const place = cluster === undefined ? '' : `cluster: ${cluster}\n`;
  const central = /^configs:/m.test(config) ? '' : 'configs: {folder: ../.configs}\n';
  const text = `environment: ${environment}\n${place}repository: {store: "${store}", ${trust}}\n${central}listen: {address: "127.0.0.1:0"}\n${config}`;
  fs.writeFileSync(path.join(root, '.strata/agent.yaml'), text);
  const made = await strataAgent(['token', 'new', 'ann', '--scope', 'admin', '--root', root], { cwd: root });
  const agent = await runAgent(root);
  const [, url = ''] = /^listening on (http:\S+)$/m.exec(agent.stdout()) ?? [];
  const box: FleetBox = {
    ...{ name, root, url, agent },
    live(app = 'shop') {
      const file = path.join(root, app, 'live/version.txt');
      return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
    },
    mark(file, isThere = true) {
      if (isThere) fs.writeFileSync(path.join(root, file), '');
      else fs.rmSync(path.join(root, file));
    },
  };
  return { box, token: made.stdout.trim() };
}
