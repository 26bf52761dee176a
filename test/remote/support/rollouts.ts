import fs from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import { startAgent } from '../../../agent/deploy/startAgent.ts';
import type { Agent } from '../../../agent/service.ts';
import type { RolloutEvent } from '../../../remote/rollout/events.ts';
import { type NewRollout, newRollout } from '../../../remote/rollout/newRollout.ts';
import type { Rollout } from '../../../remote/rollout/record.ts';
import { type RolloutPorts, runRollout } from '../../../remote/rollout/run.ts';
import { agentOptions, newBox, type TestBox, uploadApp } from '../../agent/support/box.ts';
import { inProcess } from '../../agent/support/inProcess.ts';

/** Fails where the box says so, and else waits as long as it says so. */
const prepare = `
test ! -e "$STRATA_ROOT/fails" || { echo it fails here; exit 1; }
if test -e "$STRATA_ROOT/waits"; then touch "$STRATA_ROOT/waiting"; while test -e "$STRATA_ROOT/waits"; do sleep 0.02; done; fi
`;
const deployed = 'test "$STRATA_VERSION" = 1 || test ! -e "$STRATA_ROOT/breaks"';

export interface Box extends TestBox {
  name: string;
  agent: Agent;
  /** Makes the box fail, wait or break from now on. */
  is(what: 'fails' | 'waits' | 'breaks'): void;
  isNot(what: 'waits'): void;
}

const agents: Agent[] = [];
afterAll(() => Promise.all(agents.map((agent) => agent.drain())));

/** Boxes `b1`, `b2`, … that deploy from one store, which has the versions 1 and 2. */
export async function newBoxes(count: number): Promise<Box[]> {
  const first = newBox();
  for (const version of ['1', '2']) {
    await uploadApp(first, version, { 'deploy/hooks/prepare': prepare, 'deploy/hooks/deployed': deployed });
  }
  return Promise.all(
    Array.from({ length: count }, async (_, at): Promise<Box> => {
      const { root } = newBox();
      const box = { ...first, root };
      const agent = await startAgent(agentOptions(box));
      agents.push(agent);
      const name = `b${at + 1}`;
      const file = (what: string) => path.join(root, what);
      const is = (what: string) => fs.writeFileSync(file(what), '');
      return { ...box, name, agent, is, isNot: (what) => fs.rmSync(file(what)) };
    }),
  );
}

export function rolloutOf(boxes: readonly Box[], more: Partial<NewRollout> = {}): Rollout {
  const request = { app: 'shop', version: '2' };
  return newRollout({
    ...{
      action: 'deploy',
      app: 'shop',
      environment: 'qa',
      workspace: '/w',
      of: null,
      created: 1_700_000_000_000,
    },
    ...{ batch: 1, maxFailures: 0, canary: 0 },
    boxes: boxes.map(({ name }) => ({ box: name, request })),
    ...more,
  });
}

/** What came of a rollout. */
export interface Ran {
  rollout: Rollout;
  events: RolloutEvent[];
  /** Every record that was kept, in order. */
  kept: Rollout[];
  outcomes: (string | null)[];
}

export async function ran(
  boxes: readonly Box[],
  rollout: Rollout,
  ports: Partial<RolloutPorts> = {},
): Promise<Ran> {
  const events: RolloutEvent[] = [];
  const kept: Rollout[] = [];
  const never = new AbortController().signal;
  const result = await runRollout(rollout, {
    agents: new Map(boxes.map(({ name, agent }) => [name, inProcess(name, agent)])),
    keep: async (one) => void kept.push(structuredClone(one)),
    tell: (event) => void events.push(event),
    ...{ signal: never, leave: never },
    ...ports,
  });
  return { rollout: result, events, kept, outcomes: result.boxes.map((one) => one.outcome) };
}

export async function deploymentsOf(boxes: readonly Box[]): Promise<number[]> {
  const all = await Promise.all(boxes.map(({ agent }) => agent.deployments({})));
  return all.map((one) => one.length);
}
