import type { AgentError } from '../failure.ts';
import { finish } from './finish.ts';
import { restoreSteps } from './steps/runSteps.ts';
import { staged, type Work } from './work.ts';

/** Ends a deployment that was not committed: nothing of it stays. Never throws. */
export async function discard(
  work: Work,
  why: Pick<AgentError, 'message'>,
  result: 'failed' | 'unknown' = 'failed',
): Promise<void> {
  const mayBePrepared = ['extracted', 'prepared'].includes(work.record.state);
  const failures = mayBePrepared ? await restoreSteps(work, staged(work)) : [];
  await finish(work, result, [why.message, ...failures].join('; '));
}
