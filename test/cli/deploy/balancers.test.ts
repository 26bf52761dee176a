import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Fleet, startFleet } from '../../agent/support/fleet.ts';

const deploy = ['deploy', 'shop', '-e', 'qa', '--yes'];

/** Notes what it is told, and fails where a file says so. */
const script =
  'echo "$1 $STRATA_BOX" >> told; test ! -e "fails-$1" || { echo no such target >&2; exit 3; }\n';

/** Boxes behind a balancer that a script tells what to do. */
async function newFleet(count: number): Promise<Fleet & { told(): string[]; mark(name: string): void }> {
  const fleet = await startFleet(count);
  for (const version of ['1', '2']) await fleet.upload(version);
  const file = (name: string) => path.join(fleet.workspace, name);
  fs.writeFileSync(file('script'), script);
  const command = (what: string) => `[/bin/sh, script, ${what}]`;
  fs.appendFileSync(
    file('strata.yaml'),
    `balancers:\n  front: {environment: qa, commands: {out: ${command('out')}, in: ${command('in')}}}\n`,
  );
  return {
    ...fleet,
    told: () => (fs.existsSync(file('told')) ? fs.readFileSync(file('told'), 'utf8').trim().split('\n') : []),
    mark: (name) => fs.writeFileSync(file(name), ''),
  };
}

const lines = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('strata deploy behind a balancer', () => {
  it('tells of it in its plan, live, and as JSON', async () => {
    const fleet = await newFleet(1);
    const plan = await fleet.strata([...deploy, '--plan', '--version', '1']);
    expect(plan.stdout).toContain('  balancers\n    taken out of front first, and put back when it serves\n');
    expect(fleet.told()).toEqual([]);
    const first = await fleet.strata([...deploy, '--version', '1']);
    expect(first, first.stdout).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^b1: is taken out of front\nb1: out of front\nb1: accepted /m);
    expect(first.stdout).toMatch(/^b1: is put back into front\nb1: back in front\nb1: done /m);
    const second = lines((await fleet.strata([...deploy, '--json'])).stdout);
    expect(second[0]).toMatchObject({ type: 'plan', boxes: [{ box: 'b1', balancers: ['front'] }] });
    expect(second.filter(({ type }) => type === 'out' || type === 'in')).toEqual(
      ['out', 'in'].flatMap((type) =>
        ['begun', 'done'].map((state) => ({ type, box: 'b1', balancer: 'front', state, message: null })),
      ),
    );
    const back = await fleet.strata(['rollback', 'shop', '-e', 'qa', '--yes']);
    expect(back.stdout).toContain('b1: back in front\n');
    const again = await fleet.strata([...deploy, '--version', '1']);
    expect(again.stdout).toContain('nothing to do');
    expect(fleet.told()).toEqual(['out b1', 'in b1', 'out b1', 'in b1', 'out b1', 'in b1']);
  });

  it('fails where a box is not back, and puts it back alone when it is asked again', async () => {
    const fleet = await newFleet(2);
    fleet.mark('fails-in');
    const failed = await fleet.strata(deploy);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain(
      'b1: not back in front: the command /bin/sh ended with exit code 3: no such target\n',
    );
    expect(failed.stdout).toMatch(/^b1: failed .*2 is live; it could not be put back into front: /m);
    fs.rmSync(path.join(fleet.workspace, 'fails-in'));
    const next = await fleet.strata(['deploy', 'shop', '--retry-failed', '--yes']);
    expect(next.code, next.stdout).toBe(0);
    expect(next.stdout).toContain('put back into front: an earlier rollout left it out\n');
    expect(next.stdout).toMatch(/^b1: back in front\nb1: no change/m);
    expect(fleet.told()).toEqual(['out b1', 'in b1', 'in b1', 'out b2', 'in b2']);
  });
});

describe('strata balancers', () => {
  it('shows boxes, takes them out and puts them back by hand', async () => {
    const fleet = await newFleet(2);
    const { stdout } = await fleet.strata(['balancers', '--json']);
    const unknown = { app: 'shop', balancer: 'front', state: null, isIn: null, open: null, failure: null };
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      balancers: [
        { box: 'b1', ...unknown },
        { box: 'b2', ...unknown },
      ],
    });
    expect((await fleet.strata(['balancers', 'status', 'b2'])).stdout).toMatch(/^b2 +shop +front +- +-$/m);
    expect(await fleet.strata(['balancers', 'out', 'b2'])).toMatchObject({
      ...{ code: 0, stdout: 'b2: out of front for shop\n', stderr: '' },
    });
    fleet.mark('fails-in');
    expect(await fleet.strata(['balancers', 'in', 'b2', 'b1'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        'b2: not put into front for shop: the command /bin/sh ended with exit code 3',
      ),
    });
    expect(fleet.told()).toEqual(['out b2', 'in b1', 'in b2']);
    expect(await fleet.strata(['balancers', 'in', 'b3'])).toMatchObject({ code: 2 });
  });
});
