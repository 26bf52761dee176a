import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileThere, uploadApp } from '../../agent/support/box.ts';
import { type Fleet, type FleetOptions, startFleet } from '../../agent/support/fleet.ts';

const shop = ['deploy', 'shop', '-e', 'qa'];
const now = [...shop, '--yes'];

/** Boxes that can deploy the versions 1 and 2. */
async function newFleet(count: number, options: FleetOptions = {}): Promise<Fleet> {
  const fleet = await startFleet(count, options);
  for (const version of ['1', '2']) await fleet.upload(version);
  return fleet;
}

const lives = ({ boxes }: Fleet) => boxes.map((box) => box.live());

/** The table at the end, a row a box, without the times. */
function table(stdout: string): string[] {
  const [, rows = ''] = stdout.split(/^box +version +result.*$/m);
  return rows
    .split('\n\n')[0]!
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\d+:\d\d/, '0:00').replace(/ {2,}/g, '  '));
}

const records = ({ state }: Fleet) => path.join(state, 'strata/rollouts');

async function waiting({ boxes }: Fleet, at = 0): Promise<void> {
  await fileThere(path.join(boxes[at]?.root ?? '', 'waiting'));
}

describe('strata deploy', () => {
  it('plans, deploys the latest version to all boxes, and does nothing twice', async () => {
    const fleet = await newFleet(2);
    const plan = await fleet.strata([...shop, '--plan']);
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    expect(plan.stdout).toMatch(/^b1, b2 \(2 boxes\): shop 2 \(nothing is live yet\)\n/);
    expect(plan.stdout).toContain('  hooks\n    prepare, deployed\n');
    expect(lives(fleet)).toEqual([undefined, undefined]);
    expect(fs.existsSync(records(fleet))).toBe(false);

    const done = await fleet.strata(now);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('batch 1 of 2: b1\n');
    expect(done.stdout).toMatch(/^b1: accepted as deployment \S+\nb1: locked\n/m);
    expect(table(done.stdout)).toEqual(['b1  2  done  0:00', 'b2  2  done  0:00']);
    expect(lives(fleet)).toEqual(['2', '2']);
    const [record = ''] = fs.readdirSync(records(fleet));
    expect(fs.statSync(path.join(records(fleet), record)).mode & 0o777).toBe(0o600);

    const again = await fleet.strata(now);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('b1, b2 (2 boxes): shop 2 is live already: nothing to do\n');
    expect(again.stdout).toContain('nothing to do: 2 boxes of qa have it already\n');
    expect(fs.readdirSync(records(fleet))).toEqual([record]);
    const forced = await fleet.strata([...now, '--force', '--box', 'b2', '--json']);
    const lines = forced.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: 'plan', boxes: [{ box: 'b2', plan: { from: '2', to: '2' } }] });
    expect(lines[1]).toMatchObject({ type: 'rollout', action: 'deploy', app: 'shop' });
    expect(lines.at(-1)).toMatchObject({
      type: 'summary',
      exitCode: 0,
      boxes: [{ box: 'b2', outcome: 'done' }],
    });
  });

  it('begins nothing where an agent is in another environment or cluster than the manifest says', async () => {
    const fleet = await newFleet(2, { environments: 'qa: {clusters: [eu]}, production: {}' });
    const file = path.join(fleet.workspace, 'strata.yaml');
    const right = fs.readFileSync(file, 'utf8');
    const second = right.indexOf('b2:');
    const withSecond = (said: string) =>
      fs.writeFileSync(
        file,
        right.slice(0, second) + right.slice(second).replace('environment: qa', `environment: ${said}`),
      );
    withSecond('production');
    for (const args of [['deploy'], ['deploy', '--plan'], ['rollback', '--version', '1']]) {
      const run = await fleet.strata([...args, 'shop', '-e', 'production', '--yes']);
      expect(run, `${args}`).toMatchObject({ code: 3 });
      expect(run.stderr).toContain('b2: its agent is in qa, and the manifest says production');
      expect(run.stderr).toContain('nothing was begun: something stands in the way on b2');
    }
    withSecond('qa, cluster: eu');
    const run = await fleet.strata([...now, '--max-failures', '9', '--json']);
    expect(run.code).toBe(3);
    expect(JSON.parse(run.stdout)).toMatchObject({
      boxes: [
        { box: 'b1', failure: null, plan: { place: { environment: 'qa', cluster: null } } },
        { box: 'b2', plan: null, failure: { code: 'refused' } },
      ],
    });
    expect(run.stderr).toContain('nothing was begun');
    expect(lives(fleet)).toEqual([undefined, undefined]);
  });

  it('stops when a box fails, shows why, and does the rest when it is mended', async () => {
    const fleet = await newFleet(3);
    const [, second] = fleet.boxes;
    await fleet.strata([...now, '--version', '1', '--batch', '100%']);
    second?.mark('breaks');
    const failed = await fleet.strata(now);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('b2 | prepare: preparing\n');
    expect(failed.stdout).toContain('b2: rolling back\n');
    expect(failed.stdout).toMatch(/^b2: rolled back \(0:\d\d\): .*exit code 1.*; 1 is live again$/m);
    expect(failed.stdout).toContain('no other box is begun: too many have failed\n');
    expect(table(failed.stdout)).toEqual([
      'b1  1 → 2  done  0:00',
      expect.stringMatching(/^b2 {2}1 → 2 {2}rolled back {2}0:00 {2}the hook deployed failed/),
      'b3  1 → 2  not started  -  too many boxes had failed',
    ]);
    expect(failed.stdout).toMatch(/^ {2}strata logs --deployment \S+ --box b2$/m);
    const [, logs = ''] = /strata (logs .* --box b2)$/m.exec(failed.stdout) ?? [];
    expect((await fleet.strata(logs.split(' '))).stdout).toContain('preparing');
    const [, id = ''] = /strata deploy --retry-failed (\S+)/.exec(failed.stdout) ?? [];
    expect(failed.stdout).toContain(`strata deploy --revert-succeeded ${id}\n`);
    expect(lives(fleet)).toEqual(['2', '1', '1']);

    second?.mark('breaks', false);
    await fleet.upload('3');
    const retried = await fleet.strata(['deploy', 'shop', '--retry-failed', '--yes']);
    expect(retried.code).toBe(0);
    expect(table(retried.stdout)).toEqual(['b2  1 → 2  done  0:00', 'b3  1 → 2  done  0:00']);
    expect(lives(fleet)).toEqual(['2', '2', '2']);

    const revert = ['deploy', '--revert-succeeded', id, '--yes'];
    const reverted = await fleet.strata(revert);
    expect(reverted.code).toBe(0);
    expect(table(reverted.stdout)).toEqual(['b1  2 → 1  done  0:00']);
    expect(await fleet.strata(revert)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('nothing to do'),
    });
    expect(lives(fleet)).toEqual(['1', '2', '2']);
  });

  it('lets nothing behind a canary that fails, and goes on as long as not too many do', async () => {
    const fleet = await newFleet(4);
    const [first, , third] = fleet.boxes;
    third?.mark('fails');
    const canary = await fleet.strata([...now, '--canary', 'b3', '--max-failures', '3', '--batch', '2']);
    expect(canary.code).toBe(1);
    expect(canary.stdout).toContain('canary 1 of 3: b3\n');
    expect(canary.stdout).toContain('b3 | prepare: no such table\n');
    expect(canary.stdout).toContain('no other box is begun: the canary has failed\n');
    expect(lives(fleet)).toEqual([undefined, undefined, undefined, undefined]);
    first?.mark('fails');
    const some = await fleet.strata([...now, '--max-failures', '1', '--batch', '25%']);
    expect(some.code).toBe(1);
    expect(table(some.stdout).map((row) => row.split('  ')[2])).toEqual([
      'failed',
      'done',
      'failed',
      'not started',
    ]);
    expect(lives(fleet)).toEqual([undefined, '2', undefined, undefined]);
  });

  it('goes on where it was killed, and deploys nothing twice', async () => {
    const fleet = await newFleet(2);
    const [first] = fleet.boxes;
    first?.mark('waits');
    const { child, ended } = fleet.start(now);
    await waiting(fleet);
    const [record = ''] = fs.readdirSync(records(fleet));
    const id = record.replace('.json', '');
    const early = await fleet.strata(['deploy', '--resume']);
    expect(early).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`is being run by process ${child.pid}`),
    });
    child.kill('SIGKILL');
    await ended;
    const refused = await fleet.strata(['deploy', '--retry-failed', id]);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`strata deploy --resume ${id} goes on`),
    });
    const resumed = fleet.start(['deploy', '--resume']);
    first?.mark('waits', false);
    const { code, stdout } = await resumed.ended;
    expect(code).toBe(0);
    expect(table(stdout)).toEqual(['b1  2  done  0:00', 'b2  2  done  0:00']);
    for (const { root } of fleet.boxes) {
      expect(fs.readdirSync(path.join(root, 'shop/versions')).filter((name) => name !== 'unpack')).toEqual([
        '2',
      ]);
    }
    const over = await fleet.strata(['deploy', '--resume', id]);
    expect(over).toMatchObject({ code: 0, stderr: expect.stringContaining('is over (2 of 2 boxes') });
  });

  it('cancels what runs on Ctrl+C, and the second time leaves it', async () => {
    const fleet = await newFleet(2);
    const [first] = fleet.boxes;
    first?.mark('waits');
    const once = fleet.start(now);
    await waiting(fleet);
    once.child.kill('SIGINT');
    const stopped = await once.ended;
    expect(stopped.code).toBe(4);
    expect(stopped.stderr).toContain('stopping: what runs is cancelled');
    expect(table(stopped.stdout)).toEqual([
      expect.stringMatching(/^b1 {2}2 {2}cancelled {2}0:00 {2}.*ann cancelled it/),
      'b2  2  not started  -  the rollout was stopped',
    ]);
    expect(lives(fleet)).toEqual([undefined, undefined]);

    fs.rmSync(path.join(first?.root ?? '', 'waiting'));
    // The agent cannot answer, so that its deployment does not end.
    const twice = fleet.start(now);
    await waiting(fleet);
    first?.agent.child.kill('SIGSTOP');
    const told = new Promise<void>((resolve) => {
      twice.child.stderr?.on('data', (text: string) => text.includes('stopping') && resolve());
    });
    twice.child.kill('SIGINT');
    await told;
    twice.child.kill('SIGINT');
    const left = await twice.ended;
    first?.agent.child.kill('SIGCONT');
    expect(left.code).toBe(4);
    expect(left.stdout).toContain('b1: goes on by itself\n');
    expect(left.stdout).toMatch(/^ {2}strata logs -f --deployment \S+ --box b1$/m);
    expect(left.stdout).toMatch(/^ {2}strata deploy --resume \S+$/m);
    first?.mark('waits', false);
    const resumed = await fleet.strata(['deploy', '--resume']);
    expect(table(resumed.stdout)[0]).toMatch(/^b1 {2}2 {2}(done|failed)/);
  });

  it('refuses a box that moved behind its plan', async () => {
    const fleet = await newFleet(2);
    const [first] = fleet.boxes;
    first?.mark('waits');
    const running = fleet.start(now);
    await waiting(fleet);
    expect((await fleet.strata([...now, '--version', '1', '--box', 'b2'])).code).toBe(0);
    first?.mark('waits', false);
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(table(stdout)[1]).toMatch(/^b2 {2}2 {2}refused {2}0:00 {2}shop is no longer as the plan found it/);
    expect(lives(fleet)).toEqual(['2', '1']);
  });

  it('waits for its turn where that is wanted', async () => {
    const fleet = await newFleet(1);
    const [first] = fleet.boxes;
    first?.mark('waits');
    const running = fleet.start(now);
    await waiting(fleet);
    const busy = await fleet.strata([...now, '--version', '1']);
    expect(busy.code).toBe(3);
    expect(busy.stdout).toContain('in the way: shop is busy: deploy shop 2');
    const second = fleet.start([...now, '--version', '1', '--wait']);
    await new Promise<void>((resolve) => {
      second.child.stderr?.on('data', (text: string) => text.includes('waiting for deployment') && resolve());
    });
    first?.mark('waits', false);
    expect((await running.ended).code).toBe(0);
    const { code, stdout } = await second.ended;
    expect(code).toBe(0);
    expect(table(stdout)).toEqual(['b1  2 → 1  done  0:00']);
  });

  it('begins nothing where a box is out of reach, unless it may fail', async () => {
    const fleet = await newFleet(2);
    const [, second] = fleet.boxes;
    second?.agent.child.kill('SIGKILL');
    await second?.agent.ended;
    const refused = await fleet.strata(now);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('b2: nothing listens there: is the agent running?\n');
    expect(refused.stderr).toContain('nothing was begun: out of reach: b2');
    expect(lives(fleet)).toEqual([undefined, undefined]);
    const others = await fleet.strata([...now, '--max-failures', '1']);
    expect(others.code).toBe(5);
    expect(table(others.stdout)).toEqual([
      'b1  2  done  0:00',
      'b2  2  unreachable  -  nothing listens there: is the agent running?',
    ]);
  });

  it('begins nothing without a token, with an obstacle, or without a yes', async () => {
    const fleet = await newFleet(2);
    const stranger = await fleet.strata(now, { STRATA_TOKEN_B2: '' });
    expect(stranger.code).toBe(3);
    expect(stranger.stderr).toContain('b2: it wants a token: set STRATA_TOKEN');
    const silent = await fleet.strata(shop);
    expect(silent.code).toBe(3);
    expect(silent.stderr).toContain(
      'Deploy shop 2 to 2 boxes of qa? There is no terminal to ask on: give --yes',
    );
    const { store, repository } = fleet;
    await uploadApp({ root: '', store, repository }, '3', {}, { isSigned: false });
    const unsigned = await fleet.strata([...now, '--version', '3']);
    expect(unsigned.code).toBe(3);
    expect(unsigned.stdout).toMatch(/in the way: .*sign/);
    expect(unsigned.stderr).toContain('nothing was begun: something stands in the way on b1, b2\n');
    expect(lives(fleet)).toEqual([undefined, undefined]);
    expect(fs.existsSync(records(fleet))).toBe(false);
  });

  it('keeps the records of the last hundred rollouts', async () => {
    const fleet = await newFleet(1);
    fs.mkdirSync(records(fleet), { recursive: true });
    for (let at = 0; at < 105; at++)
      fs.writeFileSync(path.join(records(fleet), `2020-${1000 + at}.json`), '');
    await fleet.strata(now);
    const names = fs.readdirSync(records(fleet));
    expect(names).toHaveLength(100);
    expect(names).not.toContain('2020-1000.json');
  });
});

describe('strata rollback', () => {
  it('goes back to the release before, or to the one named', async () => {
    const fleet = await newFleet(2);
    await fleet.upload('3');
    const none = await fleet.strata(['rollback', 'shop', '-e', 'qa', '--yes']);
    expect(none).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('shop has no release to go back to'),
    });
    for (const version of ['1', '2', '3']) await fleet.strata([...now, '--version', version, '--batch', '2']);
    const plan = await fleet.strata(['rollback', 'shop', '-e', 'qa', '--plan']);
    expect(plan.stdout).toMatch(/^b1, b2 \(2 boxes\): shop 3 → 2 \(back\)\n/);
    const back = await fleet.strata(['rollback', 'shop', '-e', 'qa', '--yes', '--box', 'b1']);
    expect(back.code).toBe(0);
    expect(table(back.stdout)).toEqual(['b1  3 → 2  done  0:00']);
    const named = await fleet.strata([
      'rollback',
      'shop',
      '-e',
      'qa',
      '--yes',
      '--version',
      '1',
      '--batch',
      '2',
    ]);
    expect(named.code).toBe(0);
    expect(lives(fleet)).toEqual(['1', '1']);
  });
});

describe('a call that cannot be right', () => {
  it.each([
    [['deploy'], 'name the app'],
    [['deploy', 'shop'], 'name an environment with -e. There are: qa'],
    [['deploy', 'shop', '-e', 'qe'], 'there is no environment qe. Did you mean qa?'],
    [['deploy', 'shpo', '-e', 'qa'], 'there is no app shpo. Did you mean shop?'],
    [[...shop, '--box', 'b9'], 'there is no box b9'],
    [[...shop, '--batch', '0'], 'it must be a number of boxes'],
    [[...shop, '--canary', 'b9'], '--canary b9: that is none of the boxes: b1'],
    [[...shop, '--max-failures', 'x'], 'it must be a whole number'],
    [['deploy', '--resume', '--retry-failed'], 'give one of them'],
    [['deploy', '--resume'], 'no rollout is known'],
    [
      ['deploy', '--retry-failed', '20260101000000000-00000000'],
      'no rollout 20260101000000000-00000000 is known',
    ],
    [['rollback'], "missing required argument 'app'"],
  ])('%j exits with 2', async (args, message) => {
    const fleet = await startFleet(0);
    const manifest = path.join(fleet.workspace, 'strata.yaml');
    fs.appendFileSync(manifest, '  b1: {url: "http://127.0.0.1:1", environment: qa}\n');
    const { code, stderr } = await fleet.strata(args);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
  });
});
