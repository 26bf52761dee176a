import fs from 'node:fs';
import path from 'node:path';
import { afterAll } from 'vitest';
import { archiveCache } from '../../../agent/artifacts/archiveCache.ts';
import { startAgent } from '../../../agent/deploy/startAgent.ts';
import type { Step } from '../../../agent/deploy/step.ts';
import { openPlanner } from '../../../agent/plan/planner.ts';
import type { Agent } from '../../../agent/service.ts';
import type { Repository } from '../../../artifact/repository/repository.ts';
import { newFolder } from '../../support/repository.ts';
import { agentOptions, newBox, type TestBox, type TestOptions } from './box.ts';
import { type TestDoor, testDoor } from './door.ts';

/** A box whose agent does all that it does, behind a door. */
export interface RealDoor extends TestBox {
  door: TestDoor<Agent>;
  /** The folder that the box's root is in, with nothing else in it that the agent may touch. */
  home: string;
}

const agents: Agent[] = [];
afterAll(async () => {
  for (const agent of agents) await agent.drain();
});

/** @param given a repository of its own when left out. */
export async function realDoor(
  more: TestOptions & { steps?: readonly Step[] } = {},
  given?: Repository,
): Promise<RealDoor> {
  const home = newFolder();
  const root = path.join(home, 'root');
  fs.mkdirSync(root);
  const made = newBox(root);
  const box = { ...made, repository: given ?? made.repository };
  const state = path.join(root, '.strata-agent');
  const archives = archiveCache(path.join(state, 'archives'));
  const central = { kind: 'artifact', app: 'configs', channel: 'master' } as const;
  const settings = { environment: 'qa', central };
  const { repository } = box;
  const { steps = [], ...options } = more;
  const planner = await openPlanner({ root, repository, state, settings, archives, steps });
  const agent = await startAgent(agentOptions(box, { ...planner, archives, ...options }));
  agents.push(agent);
  return { ...box, home, door: await testDoor({ agent, config: 'limits: {failures: 100000}' }) };
}
