import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BalancedBoxes, startBalanced } from '../support/boxes/balancedBoxes.ts';
import { startLoad } from '../support/boxes/pairBox.ts';

let all: BalancedBoxes;
const deployShop = ['deploy', 'shop', '-e', 'qa', '--yes'];

/** The manifest's part about the balancer. */
const front = (more = '') => `balancers:
  front:
    environment: qa
    haproxy: { address: "tcp://10.91.0.13:9999", server: "web-{box}" }
    timeout: 20s
${more}`;

beforeAll(async () => {
  all = await startBalanced();
  for (const version of ['1', '2', '3-ill', '4', '5']) await all.upload(version);
  all.manifest(front());
  const { stdout, stderr, code } = await all.strata(...deployShop, '--version', '1', '--batch', '2');
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
});
afterAll(() => all?.fleet.stop());

/** What HAProxy says of the boxes, as `strata balancers` tells it. */
async function states(): Promise<string[]> {
  const { stdout } = await all.strata('balancers', '--json');
  return JSON.parse(stdout).balancers.map((one: { box: string; state: string }) => `${one.box} ${one.state}`);
}

const bothUp = ['b1 UP', 'b2 UP'];

async function serving(): Promise<string[]> {
  const live = await Promise.all(
    all.fleet.boxes.slice(0, 2).map((box) => box.sh('cat /srv/shop/live/version.txt')),
  );
  return live.map((text) => text.trim());
}

/** Asks b1 for something that takes until the file `/tmp/go` is there, through HAProxy; it is under way when this resolves. */
async function longRequest(): Promise<{ answer: Promise<string> }> {
  const url = 'http://127.0.0.1:8080/b1/wait';
  const answer = all.balancer.sh(`curl --silent --write-out '%{http_code}' ${url} || true`);
  const scur = `exec 3<>/dev/tcp/127.0.0.1/9999; echo 'show stat' >&3; grep '^shop,web-b1,' <&3 | cut -d , -f 5`;
  await all.balancer.sh(`until [ "$(bash -c "${scur}")" = 1 ]; do sleep 0.05; done`);
  return { answer };
}

describe('a rollout to boxes behind HAProxy', () => {
  it('has put them in with their first version', async () => {
    expect(await states()).toEqual(bothUp);
    expect(await serving()).toEqual(['1', '1']);
  });

  it('loses no request though the app is killed on each, also where all boxes are begun at once', async () => {
    const plan = await all.strata(...deployShop, '--plan', '--version', '2');
    expect(plan.stdout).toContain('  balancers\n    taken out of front first, and put back when it serves\n');
    const load = startLoad(all.fleet, all.balancer);
    const { stdout, stderr, code } = await all.strata(...deployShop, '--version', '2', '--batch', '2');
    const { failures, failed, count } = await load.end();
    expect({ failures, failed }, stdout).toEqual({ failures: 0, failed: [] });
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    for (const line of ['b1: out of front', 'b1: back in front', 'b2: out of front', 'b2: back in front'])
      expect(stdout).toContain(`${line}\n`);
    expect(stdout).toMatch(/^b[12]: waits until another box is back in front$/m);
    expect([await serving(), await states()]).toEqual([['2', '2'], bothUp]);
    console.log(`a balancer before two boxes: a rollout, ${count} requests, ${failures} lost`);
  });

  it('loses none with a version that is never healthy, and puts the box back', async () => {
    const load = startLoad(all.fleet, all.balancer);
    const { code, stdout } = await all.strata(...deployShop, '--version', '3-ill');
    const { failures, failed } = await load.end();
    expect({ failures, failed }, stdout).toEqual({ failures: 0, failed: [] });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^b1: back in front\n(b1 \|.*\n)*b1: rolled back /m);
    expect([await serving(), await states()]).toEqual([['2', '2'], bothUp]);
  });

  it('loses some where the manifest names no balancer: the load can tell', async () => {
    all.manifest('');
    const load = startLoad(all.fleet, all.balancer);
    load.phase('restarts');
    const { code } = await all.strata(...deployShop, '--version', '4', '--box', 'b1');
    const { failures } = await load.end();
    console.log(`without the balancer: ${failures} requests lost`);
    expect(code).toBe(0);
    expect(failures).toBeGreaterThan(0);
    all.manifest(front());
  });

  it('puts a box back where it is stopped while the box has requests', async () => {
    const { answer } = await longRequest();
    const run = all.start(...deployShop, '--version', '5');
    await run.says('b1: is taken out of front\n');
    await all.balancer.sh(
      `until bash -c "exec 3<>/dev/tcp/127.0.0.1/9999; echo 'show stat' >&3; grep -q '^shop,web-b1,.*,DRAIN' <&3"; do sleep 0.05; done`,
    );
    run.kill('SIGINT');
    const { code, stdout } = await run.ended;
    await all.fleet.boxes[0]?.sh('touch /tmp/go');
    expect(await answer).toMatch(/200$/);
    await all.fleet.boxes[0]?.sh('rm /tmp/go');
    expect(code, stdout).toBe(4);
    expect(stdout).toMatch(/^b1: cancelled .*it was stopped before anything was changed there$/m);
    expect([await serving(), await states()]).toEqual([['4', '2'], bothUp]);
  });

  it('changes nothing where the balancer cannot be asked, or has no such server', async () => {
    all.manifest(front().replace('9999', '9998'));
    const gone = await all.strata(...deployShop, '--version', '5');
    expect(gone.code, gone.stdout).toBe(1);
    expect(gone.stdout).toMatch(
      /^b1: failed .*could not be taken out of front: HAProxy cannot be asked at tcp:\/\/10.91.0.13:9998: .*; nothing was changed there$/m,
    );
    all.manifest(front().replace('web-{box}', 'www-{box}'));
    const wrong = await all.strata('balancers');
    expect(wrong.code).toBe(1);
    expect(wrong.stdout).toContain('HAProxy has no server www-b1 in a backend shop (it has web-');
    all.manifest(front());
    expect([await serving(), await states()]).toEqual([['4', '2'], bothUp]);
  });

  it('does not take out the last box that is up', async () => {
    expect(await all.strata('balancers', 'out', 'b2')).toMatchObject({
      code: 0,
      stdout: 'b2: out of front for shop\n',
    });
    expect(await states()).toEqual(['b1 UP', 'b2 MAINT']);
    const { code, stdout } = await all.strata(...deployShop, '--version', '5');
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(/^b1: failed .*no other box behind it is up/m);
    expect(await all.strata('balancers', 'in', 'b2')).toMatchObject({
      code: 0,
      stdout: 'b2: in front for shop\n',
    });
    expect([await serving(), await states()]).toEqual([['4', '2'], bothUp]);
  });

  it('waits for requests only so long, and goes on when its client was killed', async () => {
    all.manifest(front('    drain: 500ms\n'));
    const { answer } = await longRequest();
    const run = all.start(...deployShop, '--version', '5');
    await run.says('b1: 1 of its requests were not over after 0.5 s\n');
    await run.says('b1: accepted');
    run.kill('SIGKILL');
    await run.ended;
    expect(await answer).not.toMatch(/200$/);
    expect(await states()).toEqual(['b1 MAINT', 'b2 UP']);
    const next = await all.strata(...deployShop, '--version', '5', '--wait');
    expect(next.code, next.stdout + next.stderr).toBe(0);
    expect(next.stdout).toContain('put back into front: an earlier rollout left it out');
    expect([await serving(), await states()]).toEqual([['5', '5'], bothUp]);
  });
});
