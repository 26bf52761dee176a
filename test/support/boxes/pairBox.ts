import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestBox, uploadApp } from '../../agent/support/box.ts';
import type { Box } from './box.ts';
import type { Fleet } from './fleet.ts';

const app = fs.readFileSync(path.join(import.meta.dirname, 'pairApp/server.mjs'), 'utf8');

/** Who sends requests to the slots in a test, how, and who runs what they have. */
export interface Balanced {
  name: string;
  /** The options of the step. */
  pair: { health: object; [option: string]: object | string };
  /** The config of the server, and the command that starts it. */
  config: { file: string; text: string };
  start: string;
  runner: SlotRunner;
  /** Whether clients see connections closed that are idle, and so send some requests once more. */
  closesIdle?: boolean;
}

/** Who runs what slots have. */
interface SlotRunner {
  /** What of the app says so. */
  files: Record<string, string>;
  /** Prints, a line each, those that run, and those that would come up with the box. */
  running: string;
  enabled: string;
  /** What stops and starts one, by its line. */
  control: string;
}

const units: SlotRunner = {
  files: {
    'deploy/templates/systemd/shop@.service': `[Service]
EnvironmentFile=/srv/shop/slots/%i.env
ExecStart=/usr/lib/strata-agent/bin/node /srv/shop/slots/%i/server.mjs
TimeoutStopSec=4
[Install]
WantedBy=multi-user.target
`,
  },
  running: "systemctl list-units --plain --no-legend --state=active 'shop@*' | cut -d ' ' -f 1",
  enabled: 'ls /etc/systemd/system/multi-user.target.wants | grep shop@',
  control: 'systemctl',
};

const programs: SlotRunner = {
  files: {
    'deploy/templates/supervisord/shop@.conf': `[program:shop-{slot}]
command=/usr/lib/strata-agent/bin/node /srv/shop/slots/{slot}/server.mjs
environment=PORT="{port}"
stopwaitsecs=4
`,
  },
  running: "supervisorctl status | sed -n 's/ .*RUNNING.*//p'",
  enabled: "sed -n 's/.program:\\(.*\\)]/\\1/p' /etc/supervisor/conf.d/shop@*",
  control: 'supervisorctl',
};

const health = { minHealthy: '300ms', interval: '50ms', timeout: '10s' };
const ports = { blue: 8001, green: 8002 };
const atPort = { http: 'http://127.0.0.1:{port}/health', ...health };

const haproxy: Balanced = {
  name: 'HAProxy',
  pair: { ports, health: atPort, haproxy: { state: '/var/lib/haproxy/server-state' } },
  config: {
    file: '/etc/haproxy/haproxy.cfg',
    text: `global
  master-worker
  stats socket /run/haproxy/admin.sock mode 600 level admin expose-fd listeners
  server-state-file /var/lib/haproxy/server-state
defaults
  mode http
  timeout connect 500ms
  timeout client 30s
  timeout server 30s
  timeout http-keep-alive 10s
  timeout check 5s
  load-server-state-from-file global
frontend all
  bind :8080
  default_backend shop
backend shop
  option httpchk GET /health
  default-server inter 200ms rise 1 fall 5
  server blue 127.0.0.1:8001 check
  server green 127.0.0.1:8002 check
`,
  },
  start: 'systemctl start haproxy',
  runner: units,
};

const site = (more: string) => `server {
  listen 8080;
  keepalive_requests 1000000;
  client_max_body_size 0;
  location / { proxy_pass http://shop; proxy_http_version 1.1; proxy_request_buffering off; ${more}}
}
`;

const sockets: Balanced = {
  name: 'nginx with sockets',
  pair: { sockets: '/run/shop', health: { http: 'http://localhost/health', ...health } },
  config: {
    file: '/etc/nginx/conf.d/shop.conf',
    text: `upstream shop { server unix:/run/shop/live.sock; }\n${site('')}`,
  },
  start:
    'echo "d /run/shop 0755" > /etc/tmpfiles.d/shop.conf; systemd-tmpfiles --create; systemctl start nginx',
  runner: units,
};

const reloaded: Balanced = {
  name: 'nginx with a reload',
  pair: { ports, health: atPort, nginx: {} },
  config: { file: '/etc/nginx/conf.d/shop.conf', text: site('proxy_set_header Connection ""; ') },
  // It cannot start before there is an upstream: the first deployment starts it.
  start: '',
  runner: units,
  closesIdle: true,
};

export const balancers: Balanced[] = [
  haproxy,
  sockets,
  reloaded,
  {
    ...haproxy,
    name: 'HAProxy, of programs of supervisord',
    start: 'systemctl start haproxy supervisor; until supervisorctl pid; do sleep 0.02; done',
    runner: programs,
  },
];

/** What a version has in it: one is never healthy, and the own tests of another one fail. */
export type Kind = 'sound' | 'ill' | 'refused';

/** Uploads a version of an app in two slots. One that is never healthy has `ill` in its version. */
export async function uploadPair(
  store: TestBox,
  version: string,
  { pair, runner }: Balanced,
  kind: Kind = 'sound',
): Promise<void> {
  // Nobody needs to wait for what does not come.
  const options = kind === 'ill' ? { ...pair, health: { ...pair.health, timeout: '300ms' } } : pair;
  await uploadApp(store, version, {
    'server.mjs': app,
    'deploy/steps.yaml': JSON.stringify({ pair: options }),
    ...runner.files,
    ...(kind === 'refused' ? { 'deploy/hooks/validate': 'exit 1' } : {}),
  });
}

/** What a load came to. */
export interface LoadResult {
  count: number;
  kinds: Record<string, number>;
  failures: number;
  failed: string[];
  /** Requests that were sent once more, since their connection was closed while it was idle. */
  retried: number;
  /** How long short requests took, in milliseconds, by what happened meanwhile. */
  times: Record<string, { p50: number; p99: number }>;
}

export interface Load {
  /** Names what happens from now on. */
  phase(name: string): void;
  end(): Promise<LoadResult>;
}

/** Begins to ask a box from outside of it, without a break. */
export function startLoad(
  fleet: Fleet,
  { address }: Box,
  { closesIdle = false }: { closesIdle?: boolean } = {},
): Load {
  const script = path.join(import.meta.dirname, 'load.mjs');
  const args = [script, `http://${address}:8080/`, ...(closesIdle ? ['retries'] : [])];
  const child = spawn('nsenter', [`--net=/proc/${fleet.process}/ns/net`, process.execPath, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const said = text(child.stdout);
  return {
    phase: (name) => void child.stdin.write(`${name}\n`),
    async end() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
      return JSON.parse(await said) as LoadResult;
    },
  };
}
