// An agent in a process of its own, which kills itself at a journal's boundary: agentProcess.ts JSON (see `AgentTask`)

import type { HealthGate } from '../../../agent/deploy/health/gate.ts';
import { startAgent } from '../../../agent/deploy/startAgent.ts';
import { fileJournals } from '../../../agent/journal/fileJournals.ts';
import type { Journal, Journals } from '../../../agent/journal/journal.ts';
import type { Agent } from '../../../agent/service.ts';
import { openRepository } from '../../../artifact/repository/repository.ts';
import { readPublicKey } from '../../../artifact/signing/keys.ts';
import { localStore } from '../../../artifact/store/localStore.ts';
import type { DeploymentRequest } from '../../../protocol/deployment.ts';
import { daemonStep } from '../support/etcStep.ts';

/** What the process does. */
export interface AgentTask {
  root: string;
  store: string;
  /** The key that is trusted. */
  key: string;
  /** What is deployed once what was left is taken up. */
  request: DeploymentRequest | null;
  /** What waits for its turn behind that. */
  waiting: DeploymentRequest[];
  /** The number of the event at which it kills itself, and on which side of its writing. */
  kill: number | null;
  side: 'before' | 'after';
  /** How much its clock is wrong, in milliseconds. */
  clockMs: number;
  /** Whether it is wrong by that to the one side and to the other in turns. */
  isJumping: boolean;
  /** Whether it has a step that changes what is outside of releases. */
  hasDaemon: boolean;
}

const task: AgentTask = JSON.parse(process.argv[2] ?? '');
setClock(task);
const trust = { keys: [{ name: 'ci', key: readPublicKey(task.key), app: '*', channel: '*' }], unsigned: [] };
const health: HealthGate = {
  check: { kind: 'command', command: ['test', '-e', 'healthy'] },
  ...{ minHealthyMs: 60, intervalMs: 20 },
};
const noPlan = () => Promise.reject(new Error('there are no plans here'));
const agent = await startAgent({
  root: task.root,
  repository: openRepository(localStore(task.store), trust),
  journals: killing(fileJournals(`${task.root}/.strata-agent`)),
  settings: () => ({ environment: 'qa', hookGraceMs: 500, ...(task.isJumping ? { health } : {}) }),
  plan: noPlan,
  config: noPlan,
  ...(task.hasDaemon ? { steps: [daemonStep(task)] } : {}),
});
for (const { id } of await agent.deployments({})) await hasEnded(agent, id);
process.stdout.write('started\n');
const ids: string[] = [];
for (const request of [...(task.request === null ? [] : [task.request]), ...task.waiting]) {
  const { id } = await agent.deploy(request, { name: 'ann' }, undefined);
  process.stdout.write(`${id}\n`);
  ids.push(id);
}
for (const id of ids) await hasEnded(agent, id);
await agent.drain();
process.stdout.write('ended\n');

async function hasEnded(agent: Agent, id: string): Promise<void> {
  const signal = new AbortController().signal;
  for await (const { type } of agent.events(id, 0, { follow: true, signal })) if (type === 'end') return;
}

function killing(journals: Journals): Journals {
  let count = 0;
  const die = () => process.kill(process.pid, 'SIGKILL');
  const over = (journal: Journal): Journal => ({
    get last() {
      return journal.last;
    },
    async append(event) {
      const isLast = ++count === task.kill;
      if (isLast && task.side === 'before') die();
      const seq = await journal.append(event);
      if (isLast) die();
      return seq;
    },
    events: (after, options) => journal.events(after, options),
    close: () => journal.close(),
  });
  return {
    ...journals,
    create: async (id) => over(await journals.create(id)),
    open: async (id) => over(await journals.open(id)),
  };
}

/** The clock of this process: all that asks what time it is hears another one. */
function setClock({ clockMs, isJumping }: AgentTask): void {
  if (clockMs === 0) return;
  const right = Date.now;
  let wrongMs = clockMs;
  Date.now = () => {
    if (isJumping) wrongMs = -wrongMs;
    return right() + wrongMs;
  };
  globalThis.Date = new Proxy(Date, {
    construct: (made, args) => (args.length === 0 ? new made(made.now()) : Reflect.construct(made, args)),
  });
}
