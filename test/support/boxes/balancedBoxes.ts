import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { newBox, type TestBox, uploadApp } from '../../agent/support/box.ts';
import { cliFile, type Run } from '../cli.ts';
import { newFolder } from '../repository.ts';
import { configure, packagesAt, storeAt } from './agentOf.ts';
import type { Box } from './box.ts';
import { type Fleet, startFleet } from './fleet.ts';

/** Two boxes with an app that is simply killed and started anew, behind the HAProxy of a third one. */
export interface BalancedBoxes {
  fleet: Fleet;
  store: TestBox;
  /** The one with HAProxy. */
  balancer: Box;
  upload(version: string): Promise<void>;
  /** Writes the manifest, with these balancers. */
  manifest(balancers: string): void;
  strata(...args: string[]): Promise<Run>;
  /** Starts the command, which can be told to stop. */
  start(...args: string[]): Started;
}

/** A command that runs. */
export interface Started {
  /** Resolves when it has printed something. */
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Run>;
}

const app = fs.readFileSync(path.join(import.meta.dirname, 'pairApp/server.mjs'), 'utf8');

// What it has begun is lost when it is restarted.
const unit = `[Service]
Environment=PORT=8000 HOST=0.0.0.0
ExecStart=/usr/lib/strata-agent/bin/node /srv/shop/live/server.mjs
KillSignal=SIGKILL
SuccessExitStatus=SIGKILL
[Install]
WantedBy=multi-user.target
`;

const steps = {
  systemd: { settle: '100ms' },
  health: { http: 'http://127.0.0.1:8000/health', minHealthy: '100ms', interval: '50ms', timeout: '2s' },
};

/** `/b1/wait` goes to b1. */
const haproxy = (boxes: readonly Box[]) => `global
  stats socket ipv4@0.0.0.0:9999 level admin
defaults
  mode http
  retries 0
  timeout connect 500ms
  timeout client 30s
  timeout server 30s
  timeout http-keep-alive 10s
  timeout check 5s
frontend all
  bind :8080
  default_backend shop
backend shop
  option httpchk GET /health
  default-server inter 200ms rise 1 fall 5
${boxes
  .flatMap(({ name, address }) => [
    `  use-server web-${name} if { path_beg /${name}/ }`,
    `  server web-${name} ${address}:8000 check`,
  ])
  .join('\n')}
`;

export async function startBalanced(): Promise<BalancedBoxes> {
  const store = newBox();
  const binds = { [packagesAt]: process.env.STRATA_TEST_PACKAGES ?? '', [storeAt]: store.store };
  const fleet = await startFleet(3, binds, 'servers');
  try {
    const [balancer, ...boxes] = [...fleet.boxes].reverse() as [Box, ...Box[]];
    const credentials = await Promise.all(boxes.map(async (box) => [box.name, await install(box)]));
    await balancer.sh('cat > /etc/haproxy/haproxy.cfg; systemctl start haproxy', haproxy(boxes));
    const workspace = newFolder();
    fs.mkdirSync(path.join(workspace, 'apps/shop'), { recursive: true });
    const env = { XDG_CONFIG_HOME: newFolder(), XDG_STATE_HOME: newFolder(), STRATA_TOKEN: '' };
    fs.mkdirSync(path.join(env.XDG_CONFIG_HOME, 'strata'));
    const file = path.join(env.XDG_CONFIG_HOME, 'strata/credentials.json');
    fs.writeFileSync(file, JSON.stringify({ boxes: Object.fromEntries(credentials) }), { mode: 0o600 });
    return {
      ...{ fleet, store, balancer },
      upload: (version) =>
        uploadApp(store, version, {
          'server.mjs': app,
          'deploy/steps.yaml': JSON.stringify(steps),
          'deploy/templates/systemd/shop.service': unit,
        }),
      manifest: (balancers) =>
        fs.writeFileSync(path.join(workspace, 'strata.yaml'), manifestText(boxes, balancers)),
      strata: (...args) => fleet.run([process.execPath, cliFile, ...args], env, workspace),
      start: (...args) => start(fleet, args, env, workspace),
    };
  } catch (error) {
    await fleet.stop();
    throw error;
  }
}

function manifestText(boxes: readonly Box[], balancers: string): string {
  const entries = [...boxes]
    .reverse()
    .map(({ name, address }) => `  ${name}: {url: "https://${address}:7878", environment: qa}\n`);
  return `environments: {qa: {}}\napps: {shop: apps/shop}\nboxes:\n${entries.join('')}${balancers}`;
}

/** Installs the agent. @returns what it is asked with. */
async function install(box: Box): Promise<{ token: string; fingerprint: string }> {
  await box.sh(`dpkg -i ${packagesAt}/old.deb`);
  await configure(box, 'listen: { address: "0.0.0.0:7878" }\nsteps: { system: true }\n');
  const made = await box.sh(`strata-agent init --name ${box.name}; systemctl start strata-agent`);
  const fingerprint = /^fingerprint +(\S+)$/m.exec(made)?.[1] ?? '';
  const token = (await box.sh('strata-agent token new ann --scope admin 2>/dev/null')).trim();
  return { token, fingerprint };
}

function start(fleet: Fleet, args: readonly string[], env: Record<string, string>, cwd: string): Started {
  const inside = [`--net=/proc/${fleet.process}/ns/net`, process.execPath, cliFile, ...args];
  const child = spawn('nsenter', inside, { cwd, env: { ...process.env, ...env } });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk;
    });
  }
  const ended = once(child, 'close').then(([code]): Run => ({ code, ...output }));
  return {
    async says(text) {
      const over = ended.then((run) => Promise.reject(new Error(`it ended: ${JSON.stringify(run)}`)));
      over.catch(() => undefined);
      while (!output.stdout.includes(text)) await Promise.race([once(child.stdout, 'data'), over]);
    },
    kill: (signal) => void child.kill(signal),
    ended,
  };
}
