// What took how long, by the events that a box told of its last deployment.
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import type { Box } from '../../test/support/boxes/box.ts';

export interface Stage {
  name: string;
  /** In milliseconds. */
  ms: number;
}

/** The time between two events is that of what the first one begins: a state, or a command of a step. */
export async function stagesOnBox(box: Box, app: string): Promise<Stage[]> {
  const ask = (path: string) =>
    box.sh(`curl -sSf --unix-socket /run/strata/agent.sock 'http://agent/v1/deployments${path}'`);
  const { deployments } = JSON.parse(await ask(`?app=${app}&limit=1`)) as { deployments: { id: string }[] };
  const lines = await ask(`/${deployments[0]?.id}/events?format=ndjson`);
  const events = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as DeploymentEvent);
  return byStages(events);
}

function byStages(events: readonly DeploymentEvent[]): Stage[] {
  const stages = new Map<string, number>();
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return [];
  stages.set('**its deployment**', last.time - first.time);
  let [begun, since] = ['accepted', first.time];
  for (const event of events) {
    stages.set(begun, (stages.get(begun) ?? 0) + event.time - since);
    [begun, since] = [beginning(event) ?? begun, event.time];
  }
  return [...stages].map(([name, ms]) => ({ name, ms }));
}

/** What goes on from an event on. */
function beginning(event: DeploymentEvent): string | undefined {
  if (event.type === 'state') return `from ${event.state} on`;
  if (event.type === 'health') return 'health: stays so';
  if (event.type !== 'log') return undefined;
  // The commands that are run are told when they begin; what they are done with differs from run to run.
  const [, command] = /^\$ (.*)$/.exec(event.text) ?? [];
  if (command !== undefined) return `${event.stage}: ${command.replace(/\S*\/(?=[\w.]+( |$))/g, '')}`;
  return undefined;
}

/** The medians of stages, with the least and the most, as a Markdown table. */
export function table(runs: readonly (readonly Stage[])[]): string {
  const names = [...new Set(runs.flatMap((run) => run.map(({ name }) => name)))];
  const rows = names.map((name) => {
    const found = runs.flatMap((run) => run.filter((one) => one.name === name).map(({ ms }) => ms));
    const sorted = found.sort((a, b) => a - b);
    const at = (part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
    return `| ${name} | ${at(0.5)} ms (${at(0)} to ${at(1)}) |`;
  });
  return ['| stage | time |', '| --- | --- |', ...rows].join('\n');
}
