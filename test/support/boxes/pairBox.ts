import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestBox, uploadApp } from '../../agent/support/box.ts';
import type { Box } from './box.ts';
import type { Fleet } from './fleet.ts';

const app = fs.readFileSync(path.join(import.meta.dirname, 'pairApp/server.mjs'), 'utf8');

/** Who sends requests to the slots in a test, and how. */
export interface Balanced {
  name: string;
  /** The options of the step. */
  pair: object;
  /** The config of the server, and the command that starts it. */
  config: { file: string; text: string };
  start: string;
}

const health = { minHealthy: '300ms', interval: '50ms', timeout: '4s' };
const ports = { blue: 8001, green: 8002 };

export const balancers: Balanced[] = [
  {
    name: 'HAProxy',
    pair: {
      ports,
      health: { http: 'http://127.0.0.1:{port}/health', ...health },
      haproxy: { state: '/var/lib/haproxy/server-state' },
    },
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
  },
  {
    name: 'nginx with sockets',
    pair: { sockets: '/run/shop', health: { http: 'http://localhost/health', ...health } },
    config: {
      file: '/etc/nginx/conf.d/shop.conf',
      text: `upstream shop { server unix:/run/shop/live.sock; }
server {
  listen 8080;
  keepalive_requests 1000000;
  client_max_body_size 0;
  location / { proxy_pass http://shop; proxy_http_version 1.1; proxy_request_buffering off; }
}
`,
    },
    start:
      'echo "d /run/shop 0755" > /etc/tmpfiles.d/shop.conf; systemd-tmpfiles --create; systemctl start nginx',
  },
];

const unit = `[Service]
EnvironmentFile=/srv/shop/slots/%i.env
ExecStart=/usr/lib/strata-agent/bin/node /srv/shop/slots/%i/server.mjs
TimeoutStopSec=30
[Install]
WantedBy=multi-user.target
`;

/** Uploads a version of an app in two slots. One whose version has `ill` in it is never healthy. */
export async function uploadPair(
  store: TestBox,
  version: string,
  { pair }: Balanced,
  more: Record<string, string> = {},
): Promise<void> {
  await uploadApp(store, version, {
    'server.mjs': app,
    'deploy/steps.yaml': JSON.stringify({ pair }),
    'deploy/templates/systemd/shop@.service': unit,
    ...more,
  });
}

/** What a load came to. */
export interface LoadResult {
  count: number;
  kinds: Record<string, number>;
  failures: number;
  failed: string[];
  /** The 99th percentile of short requests, in milliseconds, by what happened meanwhile. */
  p99: Record<string, number>;
}

export interface Load {
  /** Names what happens from now on. */
  phase(name: string): void;
  end(): Promise<LoadResult>;
}

/** Begins to ask a box from outside of it, without a break. */
export function startLoad(fleet: Fleet, { address }: Box): Load {
  const script = path.join(import.meta.dirname, 'load.mjs');
  const child = spawn(
    'nsenter',
    [`--net=/proc/${fleet.process}/ns/net`, process.execPath, script, `http://${address}:8080/`],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
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
