import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { writeFiles } from '../../support/workspaceFiles.ts';
import { newAgentBox } from '../support/agentBox.ts';
import { runAgent, strataAgent } from '../support/agentCommand.ts';
import { uploadApp } from '../support/box.ts';
import { ask } from '../support/door.ts';

const root = path.resolve(import.meta.dirname, '../../..');

const cwd = root;

describe('strata-agent', () => {
  it('tells its version and its commands', async () => {
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
    expect(await strataAgent(['--version'], { cwd })).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
    });
    const { stdout } = await strataAgent(['--help'], { cwd });
    for (const command of ['run', 'init', 'token', 'connect', 'check']) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
      expect(await strataAgent([command, '--help'], { cwd })).toMatchObject({ code: 0, stderr: '' });
    }
  });

  it.each([
    [[], 'Usage: strata-agent'],
    [['rnu'], "unknown command 'rnu'\n(Did you mean run?)"],
    [['run', 'x'], 'too many arguments'],
    [['token'], 'Usage: strata-agent token'],
    [['token', 'new'], "missing required argument 'name'"],
    [['token', 'new', 'a', '--scope', 'all'], 'It is one of read, deploy, rollback, admin.'],
    [['token', 'new', 'a', '--app', 'a b'], 'It has letters'],
    [['token', 'new', 'a', '--expires', 'soon'], 'Write 12h, 90d or never.'],
    [['init', '--days', '0'], 'It is a number of days'],
  ])('%j exits with 2', async (args, message) => {
    const { code, stdout, stderr } = await strataAgent(args, { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('strata-agent check', () => {
  it('says that a config is right, and what follows of it', async () => {
    const { folder, config, socket } = newAgentBox('hostname: box1\ncluster: us\n');
    expect(await strataAgent(['check', '--root', folder], { cwd })).toEqual({
      code: 0,
      stdout: `${config} is right: box1 in qa-us, apps in ${folder}, listens on http://127.0.0.1:0 and unix:${socket}\n`,
      stderr: '',
    });
  });

  it('tells every mistake with its place', async () => {
    const { config } = newAgentBox('keep: x\nhoks: {}\n');
    expect(await strataAgent(['check', '--config', config], { cwd })).toEqual({
      code: 1,
      stdout: '',
      stderr: `${config}:5:7: expected integer, found text\n${config}:6:1: the key \`hoks\` is not known here. Did you mean \`hooks\`?\n`,
    });
  });

  it('looks at what the config names', async () => {
    const { folder, config, text } = newAgentBox();
    fs.writeFileSync(config, text.replace('127.0.0.1:0"', '0.0.0.0:0"'));
    const { code, stderr } = await strataAgent(['check', '--root', folder], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('certificate.pem cannot be read: it is not there: `strata-agent init` makes it');
    expect((await strataAgent(['check', '--config', '/nowhere/agent.yaml'], { cwd })).stderr).toBe(
      'strata-agent: /nowhere/agent.yaml cannot be read: it is not there: `strata-agent init` can make it\n',
    );
  });
});

describe('strata-agent token', () => {
  it('makes, lists and revokes tokens', async () => {
    const { folder } = newAgentBox();
    const place = ['--root', folder];
    const made = await strataAgent(
      ['token', 'new', 'ann', '--scope', 'deploy', '--scope', 'rollback', '--app', 'shop*', ...place],
      { cwd },
    );
    expect(made.stdout).toMatch(/^strata_[0-9a-f]{16}_[A-Za-z0-9_-]{43}\n$/);
    expect(made.stderr).toMatch(
      /^token [0-9a-f]{16} of ann may deploy, rollback shop\* on \* until 20.*; it is not shown again:\n$/,
    );
    await strataAgent(['token', 'new', 'bob', '--expires', 'never', ...place], { cwd });
    const tokens = path.join(folder, '.strata/tokens');
    for (const file of fs.readdirSync(tokens)) {
      expect(fs.statSync(path.join(tokens, file)).mode & 0o777).toBe(0o600);
      expect(fs.readFileSync(path.join(tokens, file), 'utf8')).not.toContain(made.stdout.trim().slice(-43));
    }
    expect(fs.statSync(tokens).mode & 0o777).toBe(0o700);
    const revoked = await strataAgent(['token', 'revoke', 'bob', ...place], { cwd });
    expect(revoked.stdout).toMatch(/^revoked [0-9a-f]{16} of bob\n$/);
    const listed = await strataAgent(['token', 'list', ...place], { cwd });
    expect(listed.stdout).toMatch(/^ID +NAME +SCOPES +APPS +CHANNELS +CREATED +EXPIRES +STATE\n/);
    expect(listed.stdout).toMatch(/ ann +deploy,rollback +shop\* +\* +\S+Z +\S+Z +valid\n/);
    expect(listed.stdout).toMatch(/ bob +read +\* +\* +\S+Z +never +revoked \S+Z\n/);
    const { stdout } = await strataAgent(['token', 'list', '--json', ...place], { cwd });
    expect(JSON.parse(stdout).map((one: { name: string }) => one.name)).toEqual(['ann', 'bob']);
    expect(stdout).not.toContain('hash');
    expect(await strataAgent(['token', 'revoke', 'eve', ...place], { cwd })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'strata-agent: there is no token eve\n',
    });
    const wrong = await strataAgent(['token', 'new', '../x', ...place], { cwd });
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
  });

  it('made at once are all there', async () => {
    const { folder } = newAgentBox();
    const names = Array.from({ length: 6 }, (_, at) => `user${at}`);
    await Promise.all(names.map((name) => strataAgent(['token', 'new', name, '--root', folder], { cwd })));
    const { stdout } = await strataAgent(['token', 'list', '--json', '--root', folder], { cwd });
    expect(
      JSON.parse(stdout)
        .map((one: { name: string }) => one.name)
        .sort(),
    ).toEqual(names);
  });
});

describe('strata-agent run', () => {
  it('deploys, tells what it does, takes a new config and ends when told', async () => {
    const box = newAgentBox();
    await uploadApp(box, '1', { 'deploy/hooks/prepare': 'echo preparing $STRATA_APP $STRATA_VERSION' });
    const agent = await runAgent(box.folder);
    const [, port] = /listening on http:\/\/127\.0\.0\.1:(\d+)\n/.exec(agent.stdout()) ?? [];
    const to = { ...box, host: '127.0.0.1', port: Number(port) };
    const made = await strataAgent(['token', 'new', 'ann', '--scope', 'admin', '--root', box.folder], {
      cwd,
    });
    const token = made.stdout.trim();

    const planned = await ask(to, 'POST', '/v1/plan', { token, body: { app: 'shop' } });
    expect(planned).toMatchObject({
      status: 200,
      json: { from: null, to: '1', hooks: ['prepare'], obstacles: [] },
    });
    const body = { app: 'shop', plan: planned.json.digest };
    const started = await ask(to, 'POST', '/v1/deployments', { token, body });
    expect(started.status).toBe(202);
    const { text: lines } = await ask(to, 'GET', `${started.headers.location}/events?format=ndjson`, {
      token,
    });
    const events = lines
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, at) => at + 1));
    expect(events).toContainEqual(expect.objectContaining({ stream: 'stdout', text: 'preparing shop 1' }));
    expect(events.at(-1)).toMatchObject({ type: 'end', result: 'done' });
    expect(fs.readFileSync(path.join(box.folder, 'shop/live/version.txt'), 'utf8')).toBe('1');
    expect(fs.existsSync(path.join(box.folder, 'shop/live/configuration.json'))).toBe(true);
    expect((await ask(to, 'GET', '/v1/apps/shop', { token })).json).toMatchObject({
      live: '1',
      running: null,
    });
    expect((await ask(to, 'GET', '/v1/apps/shop/config', { token })).json).toMatchObject({
      yoconfigurator: { app: 'shop' },
    });
    const moved = await ask(to, 'POST', '/v1/deployments', { token, body });
    expect(moved).toMatchObject({ status: 409, json: { code: 'moved' } });
    const missing = await ask(to, 'POST', '/v1/deployments', { token, body: { app: 'nope' } });
    expect(missing).toMatchObject({ status: 404, json: { code: 'missing' } });

    const tooLong = async () => {
      const reply = await ask(to, 'POST', '/v1/plan', { token, body: { app: 'no-such-app' } });
      return reply.status === 413;
    };
    expect(await tooLong()).toBe(false);
    fs.writeFileSync(box.config, `${box.text}limits: {bodyBytes: 5B}\ncluster: us\n`);
    agent.child.kill('SIGHUP');
    await agent.says('was read again (what it says of cluster counts from the next start on)');
    expect(await tooLong()).toBe(true);
    fs.writeFileSync(box.config, `${box.text}clutser: a\n`);
    agent.child.kill('SIGHUP');
    await agent.says('the config stays as it was');
    expect(agent.stderr()).toContain(`${box.config}:5:1: the key \`clutser\` is not known here`);
    expect(await tooLong()).toBe(true);

    fs.writeFileSync(box.config, box.text);
    await strataAgent(['token', 'revoke', 'ann', '--root', box.folder], { cwd });
    expect((await ask(to, 'GET', '/v1/apps', { token })).status).toBe(401);
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
    expect(fs.existsSync(box.socket)).toBe(false);
  });

  it('tells webhooks of what it does', async () => {
    const told: unknown[] = [];
    const server = http.createServer(async (request, response) => {
      told.push(JSON.parse(await text(request)));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const box = newAgentBox(
      `hostname: box1\nlink: "https://x/{app}/{id}"\nwebhooks: [{url: "http://127.0.0.1:${port}"}]\n`,
    );
    await uploadApp(box, '1');
    const agent = await runAgent(box.folder);
    const { json } = await ask(box, 'POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(2);
    const shared = {
      app: 'shop',
      action: 'deploy',
      target: 'master',
      version: '1',
      fqdn: 'box1',
      environment: 'qa',
    };
    expect(told).toMatchObject([
      { ...shared, result: 'start', user: 'socket', link: `https://x/shop/${json.id}` },
      { ...shared, result: 'success', old_version: null },
    ]);
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
    server.close();
  });

  it('tells webhooks of what ended before anybody could follow it', async () => {
    const told: { result: string; reason?: string }[] = [];
    const server = http.createServer(async (request, response) => {
      told.push(JSON.parse(await text(request)));
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const box = newAgentBox(`webhooks: [{url: "http://127.0.0.1:${port}"}]\n`);
    await uploadApp(box, '1', { 'deploy/hooks/prepare': 'kill -9 $(cat "$STRATA_ROOT/.pid")' });
    const first = await runAgent(box.folder);
    fs.writeFileSync(path.join(box.folder, '.pid'), String(first.child.pid));
    await ask(box, 'POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
    await first.ended;
    const second = await runAgent(box.folder);
    await expect.poll(() => told.at(-1)?.result, { timeout: 20_000 }).toBe('failure');
    expect(told.map(({ result }) => result)).toEqual(['start', 'failure']);
    expect(told.at(-1)?.reason).toContain('the agent was stopped');
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    server.close();
  });

  it('hears SIGHUP while it starts, and keeps its config whatever is in the way', async () => {
    const box = newAgentBox('');
    const tls = path.join(box.folder, '.strata/tls');
    await strataAgent(['init', '--root', box.folder], { cwd });
    const listen = 'listen: {address: "127.0.0.1:0", tls: true}';
    fs.writeFileSync(box.config, box.text.replace('listen: {address: "127.0.0.1:0"}', listen));
    const agent = await runAgent(box.folder);
    const key = fs.readFileSync(path.join(tls, 'key.pem'));
    const wrong: [() => void, string][] = [
      [() => fs.rmSync(path.join(tls, 'key.pem')), 'key.pem cannot be read'],
      [() => fs.writeFileSync(path.join(tls, 'key.pem'), 'no key'), 'holds no private key'],
      [() => fs.writeFileSync(box.config, Buffer.from([0xff])), 'it is no UTF-8'],
      [() => fs.writeFileSync(box.config, ''), 'the key `environment` is missing here'],
      [() => fs.rmSync(box.config), 'it is not there'],
    ];
    for (const [spoil, message] of wrong) {
      const before = fs.existsSync(box.config) ? fs.readFileSync(box.config) : Buffer.alloc(0);
      spoil();
      agent.child.kill('SIGHUP');
      await agent.says(message);
      expect(agent.stderr()).toContain('the config stays as it was');
      fs.writeFileSync(path.join(tls, 'key.pem'), key);
      fs.writeFileSync(box.config, before);
      expect((await ask(box, 'GET', '/v1/health', { socket: true })).status).toBe(200);
    }
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
  });

  it('goes on when nobody hears any more what it says', async () => {
    const box = newAgentBox();
    const agent = await runAgent(box.folder);
    agent.child.stderr?.destroy();
    agent.child.stdout?.destroy();
    for (let turn = 0; turn < 3; turn++) {
      agent.child.kill('SIGHUP');
      expect((await ask(box, 'GET', '/v1/health', { socket: true })).status).toBe(200);
    }
    agent.child.kill('SIGTERM');
    expect(await agent.ended).toBe(0);
  });

  it('refuses to begin twice, and takes the socket of one that was killed', async () => {
    const box = newAgentBox();
    const first = await runAgent(box.folder);
    expect(fs.statSync(box.socket).mode & 0o777).toBe(0o600);
    const second = await strataAgent(['run', '--root', box.folder], { cwd });
    expect(second).toMatchObject({ code: 1, stdout: '' });
    expect(second.stderr).toContain('another agent');
    first.child.kill('SIGKILL');
    await first.ended;
    expect(fs.existsSync(box.socket)).toBe(true);
    const third = await runAgent(box.folder);
    expect((await ask(box, 'GET', '/v1/health', { socket: true })).status).toBe(200);
    third.child.kill('SIGINT');
    expect(await third.ended).toBe(0);
  });

  it('ends with whoever holds the other end of its standard input, where it is attached', async () => {
    const box = newAgentBox();
    const agent = await runAgent(box.folder, '--attached');
    agent.child.stdin?.end();
    expect(await agent.ended).toBe(0);
    expect(agent.stderr()).toContain('the end of standard input: no more deployments are taken');
    expect(fs.existsSync(box.socket)).toBe(false);
  });

  it.each([
    ['environment: [', /agent\.yaml:1:\d+: /],
    ['environment: qa\n', /agent\.yaml:1:1: the key `repository` is missing here/],
  ])('with the config %j says what is wrong and exits with 1', async (text, message) => {
    const { folder, config } = newAgentBox();
    fs.writeFileSync(config, text);
    const { code, stderr } = await strataAgent(['run', '--root', folder], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe('strata-agent connect', () => {
  it('carries HTTP between its pipes and the socket', async () => {
    const box = newAgentBox();
    await runAgent(box.folder);
    const request = 'GET /v1/apps HTTP/1.1\r\nHost: a\r\nStrata-User: ann\r\nConnection: close\r\n\r\n';
    const { code, stdout, stderr } = await strataAgent(['connect', '--root', box.folder], { cwd }, request);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\{"apps":\[\]\}\n$/);
  });

  it('carries more than a pipe holds, both ways', async () => {
    const folder = writeFiles('');
    const socket = path.join(folder, 's.sock');
    const text = 'é'.repeat(500_000);
    const echo = net.createServer((one) => {
      let bytes = 0;
      one.on('data', (chunk) => {
        bytes += chunk.length;
        one.write(chunk);
        if (bytes === Buffer.byteLength(text)) one.end();
      });
    });
    await new Promise<void>((resolve) => echo.listen(socket, resolve));
    const { code, stdout } = await strataAgent(['connect', '--socket', socket], { cwd }, text);
    expect({ code, isSame: stdout === text }).toEqual({ code: 0, isSame: true });
    echo.close();
  });

  it('says where no agent is', async () => {
    const { folder, socket } = newAgentBox();
    const { code, stderr } = await strataAgent(['connect', '--root', folder], { cwd });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `strata-agent: ${socket}: no agent listens there\n`,
    });
  });
});

describe('the unix socket', () => {
  it('takes the place of no file', async () => {
    const { folder, socket } = newAgentBox();
    fs.writeFileSync(socket, 'a file');
    const { code, stderr } = await strataAgent(['run', '--root', folder], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(`${socket} is there, and is no socket`);
    expect(fs.readFileSync(socket, 'utf8')).toBe('a file');
  });
});
