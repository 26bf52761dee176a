// Real agents for tests in and around VS Code: `dist/agent.js`, with TLS, on loopback.
import { strict as assert } from 'node:assert';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An agent with a folder of its own. */
export interface Agent {
  /** Its folder. */
  root: string;
  /** `https://127.0.0.1:PORT` */
  url: string;
  /** Puts a version of an app where the agent deploys from. */
  upload(app: string, version: string): void;
  /** Lets a version be deployed through the unix socket, by whoever runs the tests. */
  deploy(app: string, version: string): Promise<void>;
  token(name: string): string;
  /** Makes another key and certificate, which count from the next start on. */
  renewCertificate(): void;
  /** That of the certificate it shows. */
  fingerprint(): string;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Stops it, and takes its folder away. */
  remove(): Promise<void>;
}

/**
 * Makes an agent, and starts it. It takes what nobody signed: what tests upload.
 * @param dist the folder with `agent.js` and `cli.js`.
 */
export async function newAgent(dist: string, environment = 'qa'): Promise<Agent> {
  const run = (name: string, ...args: string[]) =>
    execFileSync(process.execPath, [join(dist, name), ...args], { encoding: 'utf8', cwd: tmpdir() });
  const root = mkdtempSync(join(tmpdir(), 'strata-agent-'));
  for (const folder of ['.artifacts', '.configs', '.strata']) mkdirSync(join(root, folder));
  const configure = (port: string) => {
    const text = [
      `environment: ${environment}`,
      `repository: { store: ${JSON.stringify(join(root, '.artifacts'))}, trust: { unsigned: true } }`,
      'configs: { folder: ../.configs }',
      `listen: { address: "127.0.0.1:${port}", tls: true }`,
    ];
    writeFileSync(join(root, '.strata', 'agent.yaml'), `${text.join('\n')}\n`);
  };
  const renewCertificate = () => run('agent.js', 'init', '--root', root, '--force', '--name', '127.0.0.1');
  // Whoever uploads goes by a manifest as well.
  writeFileSync(join(root, 'strata.yaml'), 'artifacts: { trust: { unsigned: true } }\n');
  configure('0');
  renewCertificate();
  let child: ChildProcess | undefined;
  let url = '';
  const stop = async () => {
    const ended = child && once(child, 'exit');
    child?.kill('SIGTERM');
    await ended;
    child = undefined;
  };
  const start = async () => {
    child = spawn(process.execPath, [join(dist, 'agent.js'), 'run', '--root', root], { stdio: 'pipe' });
    url = /https:\S+/.exec(await saidBy(child, 'listening on unix:'))?.[0] ?? '';
    // It stays where it is when it is started again.
    configure(new URL(url).port);
  };
  await start();
  return {
    root,
    get url() {
      return url;
    },
    upload: (app, version) => upload(run, root, app, version),
    deploy: (app, version) => deploy(join(root, '.strata', 'agent.sock'), { app, version, busy: 'wait' }),
    token: (name) =>
      /strata_\S+/.exec(run('agent.js', 'token', 'new', name, '--scope', 'admin', '--root', root))?.[0] ?? '',
    renewCertificate: () => void renewCertificate(),
    fingerprint: () => fingerprintIn(join(root, '.strata', 'tls', 'certificate.pem')),
    start,
    stop,
    async remove() {
      await stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function upload(
  run: (...args: [string, ...string[]]) => string,
  root: string,
  app: string,
  version: string,
): void {
  const source = mkdtempSync(join(root, 'source-'));
  mkdirSync(join(source, app));
  writeFileSync(join(source, app, 'version.txt'), version);
  const archive = join(source, `${app}.tar.gz`);
  execFileSync('tar', ['-czf', archive, '-C', source, app]);
  const store = join(root, '.artifacts');
  run('cli.js', 'artifacts', 'upload', app, archive, version, '-C', root, '--store', store);
  rmSync(source, { recursive: true });
}

async function deploy(socketPath: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const request = new http.ClientRequest({ socketPath, method: 'POST', path: '/v1/deployments', headers });
  request.end(JSON.stringify(body));
  const [response]: http.IncomingMessage[] = await once(request, 'response');
  response?.resume();
  assert.equal(response?.statusCode, 202);
}

function fingerprintIn(file: string): string {
  return new X509Certificate(readFileSync(file)).fingerprint256;
}

async function saidBy(child: ChildProcess, text: string): Promise<string> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
  }
  while (!said.includes(text)) {
    const isOver = await Promise.race([
      child.stdout && once(child.stdout, 'data').then(() => false),
      once(child, 'exit').then(() => true),
    ]);
    assert.ok(!isOver, `the agent ended: ${said}`);
  }
  return said;
}
