// Boxes of the workspace, with agents that are processes of their own, and versions that the command uploaded.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { StrataApi } from '../../client/extension.ts';
import { type RunningAgent, runAgent, strataAgent } from '../agent/support/agentCommand.ts';
import { strata } from '../support/cli.ts';
import { newFolder } from '../support/repository.ts';
import { until, uriOf } from './workspace.ts';

/** A box, and the folder in which its hooks look for marks. */
export interface WorkspaceBox {
  name: string;
  root: string;
  agent: RunningAgent;
  /** What `live` leads to: the text of its version file. */
  live(app: string): string | undefined;
  /** Makes a file in the root, which hooks look for; or takes it away. */
  mark(name: string, isThere?: boolean): void;
  isMarked(name: string): boolean;
  kill(): Promise<void>;
  /** Starts the agent once more, at the same address. */
  restart(): Promise<void>;
}

/** `fails` and `breaks` (of version 1) let the hooks fail, `waits` and `waitsLive` let them wait, which they tell by the mark `waiting`. */
const hooks = {
  prepare: `#!/bin/sh
echo preparing
test ! -e "$STRATA_ROOT/fails" || { echo no such table >&2; exit 1; }
if test -e "$STRATA_ROOT/waits"; then touch "$STRATA_ROOT/waiting"; while test -e "$STRATA_ROOT/waits"; do sleep 0.02; done; fi
`,
  deployed: `#!/bin/sh
if test "$STRATA_VERSION" = 1 -a -e "$STRATA_ROOT/breaks"; then echo the page is empty >&2; exit 1; fi
if test -e "$STRATA_ROOT/waitsLive"; then touch "$STRATA_ROOT/waiting"; while test -e "$STRATA_ROOT/waitsLive"; do sleep 0.02; done; fi
`,
};

/** Starts agents and writes their boxes into the manifest of the workspace; the tokens go where people's tokens are. */
export async function startBoxes(api: StrataApi, environments: readonly string[]): Promise<WorkspaceBox[]> {
  const started = await Promise.all(
    environments.map((environment, at) => startBox(`b${at + 1}`, environment)),
  );
  const entries = started.map(
    ({ box, url, environment }) => `  ${box.name}: {url: "${url}", environment: ${environment}}\n`,
  );
  const manifest = uriOf('strata.yaml').fsPath;
  fs.appendFileSync(manifest, `boxes:\n${entries.join('')}`);
  const there = await until(
    async () => await api.fleet.load(),
    (boxes) => boxes.length === started.length,
  );
  for (const { box, token } of started) {
    const known = there.find(({ name }) => name === box.name);
    if (known !== undefined) await api.fleet.secrets.setToken(known, token);
  }
  return started.map(({ box }) => box);
}

async function startBox(name: string, environment: string) {
  const root = newFolder();
  const config = path.join(root, '.strata/agent.yaml');
  const store = uriOf('.strata/artifacts').fsPath;
  fs.mkdirSync(path.dirname(config));
  fs.mkdirSync(path.join(root, '.configs'));
  const write = (port: string) =>
    fs.writeFileSync(
      config,
      `environment: ${environment}\nrepository: {store: "${store}", trust: {unsigned: true}}\nconfigs: {folder: ../.configs}\nlisten: {address: "127.0.0.1:${port}"}\n`,
    );
  write('0');
  const made = await strataAgent(['token', 'new', 'ann', '--scope', 'admin', '--root', root], { cwd: root });
  const agent = await runAgent(root);
  const [, url = '', port = ''] = /^listening on (http:\S+:(\d+))$/m.exec(agent.stdout()) ?? [];
  write(port);
  const file = (of: string) => path.join(root, of);
  const box: WorkspaceBox = {
    ...{ name, root, agent },
    live(app) {
      const version = file(`${app}/live/version.txt`);
      return fs.existsSync(version) ? fs.readFileSync(version, 'utf8') : undefined;
    },
    mark(of, isThere = true) {
      if (isThere) fs.writeFileSync(file(of), '');
      else fs.rmSync(file(of), { force: true });
    },
    isMarked: (of) => fs.existsSync(file(of)),
    async kill() {
      box.agent.child.kill('SIGKILL');
      await box.agent.ended;
    },
    async restart() {
      box.agent = await runAgent(root);
    },
  };
  return { box, url, environment, token: made.stdout.trim() };
}

/** Takes away what other tests of the window have uploaded. */
export function emptyStore(): void {
  fs.rmSync(uriOf('.strata/artifacts').fsPath, { recursive: true, force: true });
}

/** Uploads a version of an app as a person would. */
export async function uploadVersion(
  app: string,
  version: string,
  note: string,
  channel = 'master',
): Promise<void> {
  const folder = newFolder();
  const files = {
    'version.txt': version,
    'deploy/hooks/prepare': hooks.prepare,
    'deploy/hooks/deployed': hooks.deployed,
    [`deploy/configuration/${app}-default.yaml`]: `${app}:\n  greeting: hello ${version}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, app, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text, { mode: name.includes('hooks') ? 0o755 : 0o644 });
  }
  const archive = path.join(folder, `${app}.tar.gz`);
  execFileSync('tar', ['-czf', archive, '-C', folder, app]);
  const facts = [
    '-m',
    `commit=${version.repeat(40).slice(0, 40)}`,
    '-m',
    'branch=main',
    '-m',
    `commit_msg=${note}`,
  ];
  const where = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const { code, stderr } = await strata(
    ['artifacts', 'upload', app, archive, version, '--channel', channel, ...facts],
    {
      cwd: where,
    },
  );
  if (code !== 0) throw new Error(stderr);
}
