import type { RolloutEvent } from '../../../remote/rollout/events.ts';
import type { Rollout } from '../../../remote/rollout/record.ts';
import { RecordError, runRollout } from '../../../remote/rollout/run.ts';
import { WorkError } from '../../failure.ts';
import { rolloutConsole } from '../../output/rolloutConsole.ts';
import { keepRollout } from '../../rollouts/files.ts';
import type { JobBox } from './job.ts';
import type { Stopping } from './stopping.ts';
import { exitCodeOf, summaryJson, summaryText } from './summary.ts';

interface How {
  isJson: boolean;
  stopping: Stopping;
}

/** Runs a rollout to its end, or until nobody waits any longer, and shows it. Sets the exit code. */
export async function follow(
  rollout: Rollout,
  boxes: readonly Pick<JobBox, 'agent' | 'balancers'>[],
  { isJson, stopping }: How,
): Promise<void> {
  const view = isJson ? jsonLines(rollout) : rolloutConsole(process.stdout);
  const say = () => process.stderr.write(`${stoppingText}\n`);
  stopping.signal.addEventListener('abort', say);
  try {
    const ended = await runRollout(rollout, {
      agents: new Map(boxes.map(({ agent }) => [agent.box, agent])),
      balancers: new Map(boxes.map(({ agent, balancers }) => [agent.box, balancers])),
      keep: async (one) => keepRollout(one),
      tell: view.tell,
      ...stopping,
    }).catch(asWorkError);
    view.stop();
    const exitCode = exitCodeOf(ended, stopping.signal.aborted);
    const text = isJson ? `${JSON.stringify(summaryJson(ended, exitCode))}\n` : summaryText(ended);
    process.stdout.write(text);
    process.exitCode = exitCode;
  } finally {
    stopping.signal.removeEventListener('abort', say);
    view.stop();
  }
}

const stoppingText =
  'strata: stopping: what runs is cancelled, and its end waited for; once more (Ctrl+C), and nobody waits';

function jsonLines({ id, action, app, environment }: Rollout): {
  tell(event: RolloutEvent): void;
  stop(): void;
} {
  const tell = (value: object) => void process.stdout.write(`${JSON.stringify(value)}\n`);
  tell({ type: 'rollout', version: 1, rollout: id, action, app, environment });
  return { tell, stop: () => undefined };
}

/** The record that could not be kept is told as such. */
function asWorkError(error: unknown): never {
  if (error instanceof RecordError) throw new WorkError(`nothing was begun: ${error.message}`);
  throw error;
}
