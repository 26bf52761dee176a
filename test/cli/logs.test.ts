import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, describe, expect, it } from 'vitest';
import type { EventBody } from '../../protocol/deploymentEvents.ts';
import { newAgentBox } from '../agent/support/agentBox.ts';
import { runAgent } from '../agent/support/agentCommand.ts';
import { uploadApp } from '../agent/support/box.ts';
import { ask, type TestDoor, testDoor } from '../agent/support/door.ts';
import { newRelay } from '../remote/support/relay.ts';
import { boxWorkspace, type ManifestBox } from '../support/boxWorkspace.ts';
import { cliFile, type Run, run, strata } from '../support/cli.ts';

function setUp(boxes: Record<string, ManifestBox>) {
  const { cwd, env } = boxWorkspace(boxes);
  const logs = (args: string[], more: Record<string, string> = {}): Promise<Run> =>
    strata(['logs', ...args], { cwd, env: { TZ: 'UTC', ...env, ...more } });
  return { cwd, env, logs };
}

const qa = (url: string): ManifestBox => ({ url, environment: 'qa' });
const socketOf = ({ socket }: { socket: string }) => `unix:${socket}`;
const line = (text: string, stream: 'stdout' | 'stderr' = 'stdout', stage = 'prepare'): EventBody => {
  return { type: 'log', stage, stream, text };
};

async function deployed(bodies: EventBody[], app = 'shop'): Promise<TestDoor> {
  const door = await testDoor();
  await begin(door, bodies, 'd1', app);
  return door;
}

async function begin(door: TestDoor, bodies: EventBody[], id: string, app = 'shop'): Promise<void> {
  const reply = await door.ask('POST', '/v1/deployments', { socket: true, body: { app } });
  expect(reply.json).toMatchObject({ id });
  for (const body of bodies) door.agent.happen(id, body);
}

const done: EventBody = { type: 'end', result: 'done' };

/** `strata logs` that goes on, and what it has printed. */
function following({ cwd, env }: { cwd: string; env: Record<string, string> }, args: string[]) {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env;
  const child = spawn(process.execPath, [cliFile, 'logs', '-f', ...args], {
    cwd,
    env: { ...inherited, ...env },
  });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      output[stream] += chunk;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  const says = (text: string, stream: 'stdout' | 'stderr' = 'stdout') =>
    expect.poll(() => output[stream], { timeout: 20_000 }).toContain(text);
  return { child, output, ended, says };
}

const children: ReturnType<typeof spawn>[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

describe('strata logs', () => {
  it('shows the last deployment', async () => {
    const door = await deployed([line('old'), { type: 'end', result: 'failed', reason: 'a hook failed' }]);
    await begin(
      door,
      [
        { type: 'state', state: 'locked' },
        line('hello'),
        line('oh', 'stderr'),
        { type: 'gap', from: 5, to: 5 },
        { type: 'health', check: 'http://x/', isHealthy: false, text: 'HTTP 500' },
        { type: 'health', check: 'http://x/', isHealthy: true, text: 'HTTP 200' },
        { type: 'state', state: 'rolling_back', reason: 'why not' },
        { type: 'end', result: 'rolled_back', reason: 'why not' },
      ],
      'd2',
    );
    const { logs } = setUp({ b1: qa(socketOf(door)) });
    const all = await logs(['shop']);
    expect({ code: all.code, stderr: all.stderr }).toEqual({ code: 0, stderr: '' });
    expect(all.stdout).toMatchInlineSnapshot(`
      "1970-01-01 00:00:01.000  = accepted: deploy shop 2 (1 was live) by socket, deployment d2
      1970-01-01 00:00:01.001  = locked
      1970-01-01 00:00:01.002  prepare | hello
      1970-01-01 00:00:01.003  prepare ! oh
      1970-01-01 00:00:01.004  = event 5 is no longer there
      1970-01-01 00:00:01.005  = not healthy (http://x/): HTTP 500
      1970-01-01 00:00:01.006  = healthy (http://x/): HTTP 200
      1970-01-01 00:00:01.007  = rolling_back: why not
      1970-01-01 00:00:01.008  = end: rolled_back: why not
      "
    `);
    expect((await logs([])).stdout.replaceAll('  shop  ', '  ')).toEqual(all.stdout);
    expect((await logs(['--stage', 'prepare', '--stream', 'stderr'])).stdout.split('\n')).toEqual([
      expect.stringContaining('prepare ! oh'),
      expect.stringContaining('no longer there'),
      '',
    ]);
    const first = await logs(['--deployment', 'd1', '--json']);
    expect(
      first.stdout
        .trim()
        .split('\n')
        .map((one) => JSON.parse(one)),
    ).toMatchObject([
      { box: 'b1', deployment: 'd1', event: { seq: 1, type: 'state', state: 'accepted' } },
      { box: 'b1', deployment: 'd1', event: { seq: 2, text: 'old' } },
      { box: 'b1', deployment: 'd1', event: { type: 'end', reason: 'a hook failed' } },
    ]);
    expect((await logs(['--since', '1970-01-01', '--stream', 'stdout'])).stdout).toMatch(/old\n.*hello\n/);
    expect(await logs(['--since', '1h'])).toMatchObject({ code: 1, stdout: '' });
  });

  it('shows several boxes by their time, and those that cannot be asked as such', async () => {
    const us = await deployed([line('a2'), line('a3'), done]);
    const eu = await deployed([line('b2'), line('b3'), line('b4'), done]);
    const boxes = { us: qa(socketOf(us)), europe: qa(socketOf(eu)), none: qa('http://127.0.0.1:1') };
    const { logs } = setUp(boxes);
    const { code, stdout, stderr } = await logs(['shop', '--stage', 'prepare']);
    expect(stdout.replaceAll(/^.{25}/gm, '')).toBe(
      ['us      prepare | a2', 'europe  prepare | b2', 'us      prepare | a3', 'europe  prepare | b3']
        .concat('europe  prepare | b4')
        .map((one) => `${one}\n`)
        .join(''),
    );
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'strata: none: nothing listens there: is the agent running?\n',
    });
    const coloured = await logs(['--box', 'us', '--box', 'europe'], { FORCE_COLOR: '1' });
    expect(coloured.stdout).toContain('\u001b[36mus    \u001b[39m');
    expect(coloured.stdout).toContain('\u001b[35meurope\u001b[39m');
  });

  it('does nothing to a terminal but colours', async () => {
    const evil = 'a\u001b[31mred\u001b]0;title\u0007\u001b[2J\u009b2Jb\rc\nd\u202ee\u0000\u2028f';
    const door = await deployed([
      line(evil),
      line('x', 'stdout', 'st\u001b[Hage'),
      { type: 'end', result: 'failed', reason: evil },
    ]);
    const { logs } = setUp({ b1: qa(socketOf(door)) });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    const controls = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/;
    const plain = await logs([]);
    expect(plain.stdout).not.toMatch(controls);
    expect(plain.stdout.split('\n')).toHaveLength(5);
    expect(plain.stdout).toContain('  shop  prepare | aredbc def\n');
    const coloured = await logs([], { FORCE_COLOR: '1' });
    expect(coloured.stdout).toContain('a\u001b[31mredbc def\u001b[0m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: likewise.
    expect(coloured.stdout.replaceAll(/\u001b\[[\d;]*m/g, '')).not.toMatch(controls);
    const json = await logs(['--json']);
    expect(json.stdout).not.toMatch(controls);
    expect(JSON.parse(json.stdout.split('\n')[1] ?? '').event.text).toBe(evil);
  });

  it.each([
    [['--since', 'soon'], 'write 90s, 10m, 2h or 1d'],
    [['--since', '1h', '--deployment', 'd1'], 'take one of them'],
    [['--stream', 'stdin'], 'Allowed choices are stdout, stderr, agent'],
    [['--box', 'b9'], 'there is no box b9'],
    [['a', 'b'], 'too many arguments'],
  ])('refuses %j', async (args, message) => {
    const { logs } = setUp({ b1: qa('http://127.0.0.1:1') });
    const { code, stdout, stderr } = await logs(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('tells that there is nothing', async () => {
    const { logs } = setUp({ b1: qa(socketOf(await testDoor())) });
    const nothing = (stderr: string) => ({ code: 1, stdout: '', stderr });
    expect(await logs(['blog'])).toEqual(nothing('strata: there is no deployment of blog on these boxes\n'));
    expect(await logs(['-f', '--deployment', 'd9'])).toEqual(
      nothing('strata: there is no deployment d9 on these boxes\n'),
    );
  });

  it('lets a reader stop', async () => {
    const door = await deployed(Array.from({ length: 20_000 }, (_, at) => line(`line ${at}`)));
    const { cwd, env } = setUp({ b1: qa(socketOf(door)) });
    const script = `"${process.execPath}" "${cliFile}" logs | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await run('bash', ['-c', script], { cwd, env });
    expect(stdout).toMatch(/accepted.*\n0\n$/);
    expect(stderr).toBe('');
  });
});

describe('strata logs -f', () => {
  it('follows deployments that begin, through network cuts, until Ctrl+C', async () => {
    const doors = [await deployed([line('first'), done]), await testDoor()] as const;
    const relay = await newRelay({ path: doors[0].socket });
    const place = setUp({ b1: qa(relay.url), b2: qa(socketOf(doors[1])) });
    const { child, output, ended, says } = following(place, ['shop']);
    await says('b1  = end: done\n');
    await begin(doors[1], [line('second')], 'd1');
    await says('b2  prepare | second\n');
    relay.leadTo(undefined);
    relay.cut();
    await says('strata: b1 is away, and is tried again: the connection was broken off\n', 'stderr');
    await begin(doors[0], [line('third')], 'd2');
    doors[1].agent.happen('d1', line('meanwhile'));
    await says('meanwhile');
    relay.leadTo({ path: doors[0].socket });
    await says('b1  prepare | third\n');
    await says('strata: b1 is back\n', 'stderr');
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: null, signal: 'SIGINT' });
    expect(output.stderr.split('\n')).toHaveLength(3);
    for (const text of ['first', 'second', 'third', 'meanwhile']) {
      expect(output.stdout.split(`| ${text}\n`)).toHaveLength(2);
    }
    expect(doors[0].agent.asked).toHaveLength(2);
    await expect.poll(() => doors[0].agent.readers() + doors[1].agent.readers()).toBe(0);
  });

  it('waits for a box that is away, and has the deployment', async () => {
    const door = await deployed([line('first'), done]);
    const relay = await newRelay({ path: door.socket });
    relay.leadTo(undefined);
    const place = setUp({ b1: qa(relay.url), b2: qa(socketOf(await testDoor())) });
    const { output, ended, says } = following(place, ['--deployment', 'd1']);
    await says('strata: b1 is away', 'stderr');
    relay.leadTo({ path: door.socket });
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(output.stdout).toContain('b1  prepare | first\n');
    expect(output.stderr).toContain('strata: b1 is back\n');
  });

  it('follows one deployment of a real agent to its end, through the death of that agent', async () => {
    const box = newAgentBox();
    const hook = 'echo one; while ! [ -e go ] && ! [ -e $STRATA_ROOT/go ]; do sleep 0.05; done; echo two\n';
    await uploadApp(box, '1', { 'deploy/hooks/prepare': hook });
    let agent = await runAgent(box.folder);
    const place = setUp({ b1: qa(socketOf(box)) });
    const started = await ask(box, 'POST', '/v1/deployments', { socket: true, body: { app: 'shop' } });
    const { output, ended, says } = following(place, ['--deployment', started.json.id]);
    await says('prepare | one\n');
    agent.child.kill('SIGKILL');
    await agent.ended;
    await says('b1 is away', 'stderr');
    agent = await runAgent(box.folder);
    await says('b1 is back', 'stderr');
    await run('touch', [`${box.folder}/go`], { cwd: box.folder });
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(output.stdout.match(/prepare \| \w+/g)).toEqual(['prepare | one', 'prepare | two']);
    expect(output.stdout).toMatch(/= end: unknown.*\n$/);
    agent.child.kill('SIGTERM');
    await agent.ended;
  });
});
