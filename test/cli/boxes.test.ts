import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Run, strata } from '../support/cli.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';

const manifest = `
environments: {qa: {}, production: {clusters: [us, eu]}}
configs: [configs]
apps: {shop: shop, blog: blog}
boxes:
  us1: {url: "https://us1.example:7878", environment: production, cluster: us, apps: [shop], labels: {rack: r1, canary: true}}
  eu1: {url: "https://eu1.example:7878", environment: production, cluster: eu, labels: {rack: r1}}
  qa1: {url: "ssh://deploy@qa1", environment: qa, apps: [blog]}
`;

/** A workspace with a manifest, and a person without credentials in it. */
function setUp(text = manifest) {
  const cwd = writeFiles(
    `//- /strata.yaml\n${text}\n//- /configs/common.yaml\na: 1\n//- /shop/x\n\n//- /blog/x\n\n`,
  );
  const home = writeFiles('');
  const run = (args: string[], env: Record<string, string> = {}): Promise<Run> =>
    strata(['boxes', ...args], { cwd, env: { XDG_CONFIG_HOME: home, STRATA_TOKEN: '', ...env } });
  return { cwd, home, run };
}

const namesIn = ({ stdout }: Run) =>
  stdout
    .split('\n')
    .slice(1, -1)
    .map((line) => line.split(' ')[0]);

describe.concurrent('strata boxes', () => {
  it('lists the boxes of the manifest', async () => {
    const { run } = setUp();
    const all = await run([]);
    expect(all).toMatchObject({ code: 0, stderr: '' });
    expect(all.stdout).toMatchInlineSnapshot(`
      "box  url                       environment  cluster  apps   labels
      us1  https://us1.example:7878  production   us       shop   rack=r1 canary=true
      eu1  https://eu1.example:7878  production   eu       (all)  rack=r1
      qa1  ssh://deploy@qa1          qa           -        blog
      "
    `);
    expect(await run(['list'])).toEqual(all);
    expect(JSON.parse((await run(['--json', 'qa1'])).stdout)).toEqual({
      version: 1,
      boxes: [
        {
          ...{ name: 'qa1', url: 'ssh://deploy@qa1', environment: 'qa', cluster: null },
          ...{ apps: ['blog'], labels: {} },
        },
      ],
    });
  });

  it.each([
    [
      ['-e', 'production'],
      ['us1', 'eu1'],
    ],
    [['-e', 'production', '-c', 'eu'], ['eu1']],
    [
      ['--app', 'shop'],
      ['us1', 'eu1'],
    ],
    [
      ['--app', 'blog'],
      ['eu1', 'qa1'],
    ],
    [
      ['--label', 'rack=r1'],
      ['us1', 'eu1'],
    ],
    [['--label', 'rack=r1', '--label', 'canary'], ['us1']],
    [
      ['qa1', 'us1'],
      ['us1', 'qa1'],
    ],
  ])('finds those of %s', async (args, expected) => {
    expect(namesIn(await setUp().run(args))).toEqual(expected);
  });

  it.each([
    [['us2'], 'there is no box us2. Did you mean us1? There are: us1, eu1, qa1'],
    [['--label', '=x'], '"=x" is no label: write KEY=VALUE, or KEY'],
    [['--app', 'shop', '-e', 'qa'], 'no box of the manifest is like that'],
    [['check', '--timeout', 'soon'], '--timeout soon: write a number of seconds'],
  ])('refuses %s', async (args, message) => {
    const { code, stderr } = await setUp().run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('needs boxes, and a manifest without mistakes', async () => {
    const without = await setUp('environments: [qa]').run([]);
    expect(without.code).toBe(2);
    expect(without.stderr).toContain('there are no boxes: name them under `boxes` in ');
    const wrong = await setUp('boxes: {b1: {url: b1, environment: qa}}').run([]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('`b1` is no address of an agent');
  });
});

const closing: (() => void)[] = [];
afterAll(() => {
  for (const close of closing) close();
});

async function listening(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** Answers as an agent does, to one token; anybody else hears that it lives. */
function agent(token: string, aheadMs = 0, environment = 'qa'): http.RequestListener {
  return (request, response) => {
    const isKnown = request.headers.authorization === `Bearer ${token}`;
    const facts = { version: '1.2.3', time: Date.now() + aheadMs, environment, cluster: null };
    const isRight = request.url === '/v1/health' && request.method === 'GET';
    const isRefused = request.headers.authorization !== undefined && !isKnown;
    const body = { status: 'ok', ...(isKnown ? facts : {}) };
    response.writeHead(isRight && !isRefused ? 200 : 401);
    response.end(JSON.stringify(body));
  };
}

const boxesAt = (urls: Record<string, string>) =>
  `environments: [qa]\nboxes:\n${Object.entries(urls)
    .map(([name, url]) => `  ${name}: {url: "${url}", environment: qa}\n`)
    .join('')}`;

/** A certificate for 127.0.0.1 that nobody stands for, good for some days. */
function certificate(days: number) {
  const folder = writeFiles('');
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=agent', '-days', `${days}`];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-keyout', key, '-out', cert, ...subject],
    ],
    { stdio: 'ignore' },
  );
  const read = { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
  return { ...read, fingerprint: new X509Certificate(read.cert).fingerprint256 };
}

function credentials(home: string, boxes: object, mode = 0o600): string {
  writeFile(home, 'strata/credentials.json', JSON.stringify({ boxes }));
  const file = path.join(home, 'strata/credentials.json');
  fs.chmodSync(file, mode);
  return file;
}

async function checked(run: (args: string[], env?: Record<string, string>) => Promise<Run>, env = {}) {
  const { stdout, code } = await run(['check', '--json', '--timeout', '5'], env);
  const { boxes } = JSON.parse(stdout) as { boxes: { box: string; faults: string[] }[] };
  return { code, boxes, faults: Object.fromEntries(boxes.map((one) => [one.box, one.faults.join('; ')])) };
}

describe.concurrent('strata boxes check', () => {
  it('tells the version, the clock and what is wrong', async () => {
    const [good, late, moved, gone] = [
      await listening(http.createServer(agent('t1'))),
      await listening(http.createServer(agent('t1', -120_000))),
      await listening(http.createServer(agent('t1', 0, 'production'))),
      await listening(net.createServer((socket) => socket.destroy())),
    ];
    const urls = {
      good: `http://127.0.0.1:${good}`,
      late: `http://127.0.0.1:${late}`,
      moved: `http://127.0.0.1:${moved}`,
      gone: `http://127.0.0.1:${gone}`,
      none: 'http://127.0.0.1:1',
    };
    const { run } = setUp(boxesAt(urls));
    const { code, faults, boxes } = await checked(run, { STRATA_TOKEN: 't1' });
    expect(code).toBe(1);
    expect(boxes[0]).toMatchObject({ box: 'good', version: '1.2.3', skewMs: 0, certificateEnds: null });
    expect(faults).toMatchObject({
      good: '',
      late: 'its clock is 120 s behind ours',
      moved: 'it is in production, and the manifest says qa',
      none: 'nothing listens there: is the agent running?',
    });
    expect(faults.gone).not.toBe('');
    const table = await run(['check', 'good'], { STRATA_TOKEN: 't1' });
    expect(table.code).toBe(0);
    expect(table.stdout).toMatch(/^good +1\.2\.3 +\d+ ms +0\.0 s +- +ok$/m);
  });

  it('takes tokens from the environment and from the file of credentials', async () => {
    const url = `http://127.0.0.1:${await listening(http.createServer(agent('t1')))}`;
    const { run, home } = setUp(boxesAt({ 'b-1': url, b2: url }));
    expect((await checked(run)).faults['b-1']).toBe(
      'it wants a token: set STRATA_TOKEN, or write it into the file of credentials',
    );
    expect((await checked(run, { STRATA_TOKEN_B_1: 't1', STRATA_TOKEN: 'old' })).faults).toEqual({
      'b-1': '',
      b2: 'it does not take the token: it is wrong, expired or revoked',
    });
    const file = credentials(home, { '*': { token: 't1' }, b2: { token: 'old' } });
    expect((await checked(run)).faults).toMatchObject({ 'b-1': '', b2: expect.stringContaining('wrong') });
    fs.chmodSync(file, 0o644);
    expect((await run(['check'])).stderr).toContain(`others may read the tokens in ${file}`);
    fs.chmodSync(file, 0o600);
    fs.writeFileSync(file, '[]');
    expect(await run(['check'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds no credentials'),
    });
  });

  it('knows a certificate by its fingerprint, and says nothing to another', async () => {
    const [mine, other] = [certificate(300), certificate(5)];
    let asked = 0;
    const listener: http.RequestListener = (request, response) => {
      asked++;
      agent('t1')(request, response);
    };
    const [first, second] = [
      await listening(https.createServer(mine, listener)),
      await listening(https.createServer(other, listener)),
    ];
    const urls = {
      unknown: `https://127.0.0.1:${first}`,
      pinned: `https://127.0.0.1:${first}`,
      swapped: `https://127.0.0.1:${second}`,
      ending: `https://127.0.0.1:${second}`,
    };
    const { run, home } = setUp(boxesAt(urls));
    const pin = { token: 't1', fingerprint: `sha256:${mine.fingerprint.toLowerCase()}` };
    const late = { token: 't1', fingerprint: other.fingerprint };
    credentials(home, { pinned: { ...pin, certificate: 'cert.pem' } });
    expect(await run(['check'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('holds no credentials'),
    });
    credentials(home, { pinned: { ...pin, certificate: 'cert.pem', key: 'key.pem' } });
    expect((await run(['check'])).stderr).toMatch(/^strata: ENOENT.*strata\/cert\.pem'\n$/);
    fs.writeFileSync(path.join(home, 'strata/cert.pem'), mine.cert);
    fs.writeFileSync(path.join(home, 'strata/key.pem'), mine.key);
    const shown = { ...pin, certificate: 'cert.pem', key: 'key.pem' };
    credentials(home, { pinned: shown, swapped: pin, ending: late, unknown: { token: 't1' } });
    const { faults, boxes } = await checked(run);
    expect(faults).toMatchObject({
      pinned: '',
      unknown: expect.stringContaining('nobody stands for its certificate'),
      swapped: expect.stringContaining('somebody may be in between'),
      ending: expect.stringMatching(/^its certificate expires in [45] days: renew it$/),
    });
    expect(boxes[1]).toMatchObject({ certificateEnds: expect.stringMatching(/^20\d\d-/) });
    expect(asked).toBe(2);
  });

  it('asks through ssh, which needs no token', async () => {
    const folder = writeFiles('');
    const listener: http.RequestListener = (_, response) =>
      response.end(JSON.stringify({ version: '1.2.3', time: Date.now() }));
    const port = await listening(http.createServer(listener));
    // What `ssh HOST strata-agent connect` does: it pipes its standard streams to the agent.
    const script = `#!${process.execPath}
const args = process.argv.slice(2).join(' ');
if (args !== '-T -o BatchMode=yes -p 2222 -- deploy@b1 strata-agent connect') {
  console.error('Permission denied (' + args + ')');
  process.exit(255);
}
const socket = require('node:net').connect(${port}, '127.0.0.1');
process.stdin.pipe(socket).pipe(process.stdout);
`;
    writeFile(folder, 'ssh', script);
    fs.chmodSync(path.join(folder, 'ssh'), 0o755);
    const { run } = setUp(boxesAt({ b1: 'ssh://deploy@b1:2222', b2: 'ssh://b2' }));
    const { faults, boxes } = await checked(run, { PATH: `${folder}:${process.env.PATH}` });
    expect(faults).toEqual({
      b1: '',
      b2: 'ssh ended with 255: Permission denied (-T -o BatchMode=yes -- b2 strata-agent connect)',
    });
    expect(boxes[0]).toMatchObject({ version: '1.2.3' });
  });

  it('does not wait for one that says nothing', async () => {
    const port = await listening(net.createServer(() => undefined));
    const { run } = setUp(boxesAt({ b1: `http://127.0.0.1:${port}` }));
    const { stdout, code } = await run(['check', '--timeout', '0.2']);
    expect(code).toBe(1);
    expect(stdout).toContain('no answer within 0.2 s');
  });
});
