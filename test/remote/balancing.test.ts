import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Agent } from '../../agent/service.ts';
import type { BalancerInfo } from '../../protocol/balancers.ts';
import type { Plan } from '../../protocol/deploymentPlan.ts';
import type { Balancer } from '../../remote/balancer/balancer.ts';
import { openBalancers } from '../../remote/balancer/balancersOf.ts';
import { RemoteError } from '../../remote/failure.ts';
import type { RolloutEvent } from '../../remote/rollout/events.ts';
import { withBalancers } from '../../remote/rollout/leftOut.ts';
import { type Looked, wantedOf } from '../../remote/rollout/look.ts';
import { readRollout } from '../../remote/rollout/readRollout.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import { fileThere, liveVersion } from '../agent/support/box.ts';
import { inProcess } from '../agent/support/inProcess.ts';
import { newFolder } from '../support/repository.ts';
import { type Box, deploymentsOf, newBoxes, ran, rolloutOf } from './support/rollouts.ts';

/** Notes what it is told, fails where a file says so, and else waits as long as one says so. */
const script = `
test -z "$STRATA_TOKEN" || exit 9
echo "$1 $2 of $STRATA_APP $STRATA_BALANCER" >> told
test ! -e "fails-$1" || { echo no such target >&2; exit 3; }
if test -e "waits-$1"; then touch waiting; while test -e "waits-$1"; do sleep 0.02; done; fi
`;

beforeAll(() => void vi.stubEnv('STRATA_TOKEN', 'secret'));

/** Some boxes behind balancers that a script tells what to do. */
interface Balanced {
  boxes: Box[];
  balancers: ReadonlyMap<string, Balancer[]>;
  /** What the script was told, a line a time. */
  told(): string[];
  mark(name: string): void;
  unmark(name: string): void;
  /** When the script waits. */
  waiting(): Promise<void>;
}

async function newBalanced(count: number, names: readonly string[] = ['front']): Promise<Balanced> {
  const boxes = await newBoxes(count);
  const folder = newFolder();
  const file = (name: string) => path.join(folder, name);
  fs.writeFileSync(file('script'), script);
  const command = (what: string) => ['/bin/sh', 'script', what, '{labels.id}'];
  const infos = names.map(
    (name): BalancerInfo => ({
      ...{ name, environment: 'qa', cluster: null, apps: ['shop'], drainMs: 1000, timeoutMs: 20_000 },
      ...{ haproxy: null, commands: { out: command('out'), in: command('in') } },
    }),
  );
  const open = ({ name }: Box) =>
    openBalancers(infos, { name, environment: 'qa', labels: { id: `i-${name}` } }, 'shop', folder);
  return {
    boxes,
    balancers: new Map(boxes.map((box) => [box.name, open(box)])),
    told: () => (fs.existsSync(file('told')) ? fs.readFileSync(file('told'), 'utf8').trim().split('\n') : []),
    mark: (name) => fs.writeFileSync(file(name), ''),
    unmark: (name) => fs.rmSync(file(name)),
    waiting: () => fileThere(file('waiting')),
  };
}

/** A rollout to all of them, with what is known of their balancers. */
function rolloutBehind({ boxes, balancers }: Balanced, plan?: Plan, rollouts: Rollout[] = []): Rollout {
  const looked = boxes.map(({ name }): Looked => {
    return { box: name, request: { app: 'shop', version: '2' }, ...(plan === undefined ? {} : { plan }) };
  });
  const of = { workspace: '/w', app: 'shop', balancers, rollouts: () => rollouts };
  return rolloutOf(boxes, { boxes: withBalancers(looked, of).map(wantedOf) });
}

const isLive: Plan = {
  ...{ app: 'shop', channel: 'master', from: '2', to: '2', isNoOp: true, digest: 'x' },
  ...{ commits: [], config: [], files: [], units: [], vhosts: [], restarts: [], migrations: [] },
  ...{ hooks: [], obstacles: [] },
};

/** What happened, but for what deployments told. */
function story(events: readonly RolloutEvent[]): string[] {
  return events.flatMap((one) => {
    if (one.type === 'out' || one.type === 'in')
      return [`${one.box} ${one.type} of ${one.balancer} ${one.state}`];
    return one.type === 'accepted' || one.type === 'ended' || one.type === 'left_out'
      ? [`${one.box} ${one.type}`]
      : [];
  });
}

describe('a rollout to boxes behind balancers', () => {
  it('takes each out before anything else, and puts it back when it serves', async () => {
    const fleet = await newBalanced(2, ['edge', 'front']);
    const { events, outcomes, rollout } = await ran(fleet.boxes, rolloutBehind(fleet), fleet);
    expect(outcomes).toEqual(['done', 'done']);
    const both = (box: string) => [
      ...['edge', 'front'].flatMap((name) => [`${box} out of ${name} begun`, `${box} out of ${name} done`]),
      `${box} accepted`,
      ...['front', 'edge'].flatMap((name) => [`${box} in of ${name} begun`, `${box} in of ${name} done`]),
      `${box} ended`,
    ];
    expect(story(events)).toEqual([...both('b1'), ...both('b2')]);
    expect(fleet.told()).toEqual([
      ...['out i-b1 of shop edge', 'out i-b1 of shop front', 'in i-b1 of shop front', 'in i-b1 of shop edge'],
      ...['out i-b2 of shop edge', 'out i-b2 of shop front', 'in i-b2 of shop front', 'in i-b2 of shop edge'],
    ]);
    expect(rollout.boxes[0]?.balancing).toEqual({ stage: 'back', outOf: [] });
    expect(readRollout(rollout)).toEqual(rollout);
  });

  it('tells them nothing where nothing is to be done', async () => {
    const fleet = await newBalanced(1);
    const { outcomes } = await ran(fleet.boxes, rolloutBehind(fleet, isLive), fleet);
    expect(outcomes).toEqual(['no_change']);
    expect(fleet.told()).toEqual([]);
  });

  it.each(['fails', 'breaks'] as const)(
    'puts one back on which the version %s, since it serves',
    async (how) => {
      const fleet = await newBalanced(1);
      await ran(
        fleet.boxes,
        rolloutOf(fleet.boxes, { boxes: [{ box: 'b1', request: { app: 'shop', version: '1' } }] }),
      );
      fleet.boxes[0]?.is(how);
      const { outcomes } = await ran(fleet.boxes, rolloutBehind(fleet), fleet);
      expect(outcomes).toEqual([how === 'fails' ? 'failed' : 'rolled_back']);
      expect(fleet.told()).toEqual(['out i-b1 of shop front', 'in i-b1 of shop front']);
    },
  );

  it('asks nothing of a box that cannot be taken out, and begins no other', async () => {
    const fleet = await newBalanced(2);
    fleet.mark('fails-out');
    const { rollout, outcomes } = await ran(fleet.boxes, rolloutBehind(fleet), fleet);
    expect(outcomes).toEqual(['failed', 'not_started']);
    expect(rollout.boxes[0]?.reason).toBe(
      'it could not be taken out of front: the command /bin/sh ended with exit code 3: no such target; nothing was changed there',
    );
    expect(await deploymentsOf(fleet.boxes)).toEqual([0, 0]);
    // The command may have done its work all the same.
    expect(fleet.told()).toEqual(['out i-b1 of shop front', 'in i-b1 of shop front']);
  });

  it('fails where one cannot be put back; the next rollout does that alone', async () => {
    const fleet = await newBalanced(1);
    fleet.mark('fails-in');
    const { rollout, outcomes } = await ran(fleet.boxes, rolloutBehind(fleet), fleet);
    expect(outcomes).toEqual(['failed']);
    expect(rollout.boxes[0]?.reason).toBe(
      '2 is live; it could not be put back into front: the command /bin/sh ended with exit code 3: no such target (strata balancers in b1 --app shop, when that is mended)',
    );
    fleet.unmark('fails-in');
    const next = rolloutBehind(fleet, isLive, [rollout]);
    const again = await ran(fleet.boxes, next, fleet);
    expect(again.outcomes).toEqual(['no_change']);
    expect(story(again.events)).toEqual(['b1 in of front begun', 'b1 in of front done', 'b1 ended']);
    expect(await deploymentsOf(fleet.boxes)).toEqual([1]);
    expect(rolloutBehind(fleet, isLive, [again.rollout, rollout]).boxes[0]).toMatchObject({
      outcome: 'no_change',
      balancing: { outOf: [] },
    });
  });

  it('leaves one out of which nobody knows whether it serves, and says so', async () => {
    const fleet = await newBalanced(1);
    const agent = inProcess('b1', fleet.boxes[0]?.agent as Agent);
    const gone = () => Promise.reject(new RemoteError('b1', 'unreachable', 'nothing listens there'));
    const agents = new Map([['b1', { ...agent, deployment: gone }]]);
    const { rollout, events } = await ran(fleet.boxes, rolloutBehind(fleet), { ...fleet, agents });
    expect(rollout.boxes[0]).toMatchObject({
      outcome: 'unreachable',
      reason: expect.stringContaining(
        'it stays out of front, since nobody knows whether it serves: look at it, then strata balancers in b1 --app shop',
      ),
      balancing: { stage: 'left_out', outOf: ['front'] },
    });
    expect(story(events).slice(-2)).toEqual(['b1 left_out', 'b1 ended']);
    expect(fleet.told()).toEqual(['out i-b1 of shop front']);
    // By the next plan it is live there, and nothing stands in the way.
    const again = await ran(fleet.boxes, rolloutBehind(fleet, isLive, [rollout]), fleet);
    expect(again.outcomes).toEqual(['no_change']);
    expect(fleet.told()).toEqual(['out i-b1 of shop front', 'in i-b1 of shop front']);
  });

  it('says of one that may not serve that it was left out, and puts it back only by hand', async () => {
    const fleet = await newBalanced(1);
    const agent = inProcess('b1', fleet.boxes[0]?.agent as Agent);
    const unknown = async (id: string, signal: AbortSignal) => ({
      ...(await agent.deployment(id, signal)),
      ...{ result: 'unknown' as const, reason: 'a hook outlived its agent' },
    });
    const agents = new Map([['b1', { ...agent, deployment: unknown }]]);
    const { rollout } = await ran(fleet.boxes, rolloutBehind(fleet), { ...fleet, agents });
    expect(rollout.boxes[0]).toMatchObject({
      outcome: 'unknown',
      reason: expect.stringMatching(/^a hook outlived its agent; it stays out of front, since nobody knows/),
    });
    const of = { workspace: '/w', app: 'shop', balancers: fleet.balancers, rollouts: () => [rollout] };
    const looked = withBalancers([{ box: 'b1', request: { app: 'shop' }, plan: isLive }], of);
    expect(looked).toMatchObject([{ leftOutOf: [], staysOutOf: ['front'] }]);
    expect(rolloutBehind(fleet, isLive, [rollout]).boxes[0]?.outcome).toBe('no_change');
    expect(fleet.told()).toEqual(['out i-b1 of shop front']);
  });

  it('puts one back that was being taken out when it is stopped', async () => {
    const fleet = await newBalanced(2);
    fleet.mark('waits-out');
    const stop = new AbortController();
    const running = ran(fleet.boxes, rolloutBehind(fleet), { ...fleet, signal: stop.signal });
    await fleet.waiting();
    stop.abort();
    const { rollout, outcomes } = await running;
    expect(outcomes).toEqual(['cancelled', 'not_started']);
    expect(rollout.boxes[0]?.reason).toBe('it was stopped before anything was changed there');
    expect(fleet.told()).toEqual(['out i-b1 of shop front', 'in i-b1 of shop front']);
    expect(await deploymentsOf(fleet.boxes)).toEqual([0, 0]);
  });

  it.each(['out', 'in'])('goes on where it was left while one is put %s', async (what) => {
    const fleet = await newBalanced(1);
    fleet.mark(`waits-${what}`);
    const leave = new AbortController();
    const running = ran(fleet.boxes, rolloutBehind(fleet), { ...fleet, leave: leave.signal });
    await fleet.waiting();
    leave.abort();
    const { rollout, events, kept } = await running;
    expect(rollout.boxes[0]?.outcome).toBe(null);
    expect(events.at(-1)).toMatchObject({ type: 'left', box: 'b1', outOf: ['front'] });
    fleet.unmark(`waits-${what}`);
    const resumed = await ran(fleet.boxes, kept.at(-1) ?? rollout, fleet);
    expect(resumed.outcomes).toEqual(['done']);
    expect(resumed.rollout.boxes[0]?.balancing).toEqual({ stage: 'back', outOf: [] });
    expect(fleet.told().at(-1)).toBe('in i-b1 of shop front');
    expect(await deploymentsOf(fleet.boxes)).toEqual([1]);
    expect(fleet.boxes.map((box) => liveVersion(box))).toEqual(['2']);
  });

  it('ends well wherever its record was broken off', async () => {
    const fleet = await newBalanced(1);
    const first = await ran(fleet.boxes, rolloutBehind(fleet), fleet);
    for (const record of first.kept) {
      const resumed = await ran(fleet.boxes, record, fleet);
      expect(resumed.outcomes).toEqual(['done']);
      expect(resumed.rollout.boxes[0]?.balancing?.outOf).toEqual([]);
      const told = fleet.told();
      expect(told.at(-1)).toBe('in i-b1 of shop front');
    }
    expect(await deploymentsOf(fleet.boxes)).toEqual([1]);
  });

  it('says what is wrong with a command, and with a label that a box has not', async () => {
    const signal = new AbortController().signal;
    const open = (out: string[], timeoutMs = 20_000) => {
      const info: BalancerInfo = {
        ...{ name: 'front', environment: 'qa', cluster: null, apps: null, drainMs: 0, timeoutMs },
        ...{ haproxy: null, commands: { out, in: ['true'] } },
      };
      const [only] = openBalancers([info], { name: 'b1', environment: 'qa', labels: {} }, 'shop', '/');
      return only?.rest(signal);
    };
    await expect(open(['/no/such/program'])).rejects.toThrow(
      'the command /no/such/program cannot be run: there is no such program, seen from /',
    );
    await expect(open(['sleep', '100'], 50)).rejects.toThrow('the command sleep did not end within 0.05 s');
    await expect(open(['echo', '{labels.id}'])).rejects.toThrow('the box b1 has no label id');
    await expect(
      open(['sh', '-c', 'test "$1" = "{x} b1 shop qa "', 'x', '{x} {box} {app} {environment} {cluster}']),
    ).resolves.toBe(null);
  });

  it('takes no more than a name for a server of HAProxy', async () => {
    const haproxy = { address: 'unix:///nowhere', backend: '{app}', server: '{labels.id}' };
    const info: BalancerInfo = {
      ...{ name: 'front', environment: 'qa', cluster: null, apps: null, drainMs: 0, timeoutMs: 100 },
      ...{ haproxy, commands: null },
    };
    const labels = { id: 'b1 state ready; shutdown sessions server a' };
    const [only] = openBalancers([info], { name: 'b1', environment: 'qa', labels }, 'shop', '/');
    const left = only?.leave(new AbortController().signal);
    await expect(left).rejects.toThrow('is no name that HAProxy knows');
  });
});
