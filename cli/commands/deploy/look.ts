import { type Looked, lookAtBoxes } from '../../../remote/rollout/look.ts';
import { foreignText } from '../../output/foreignText.ts';
import { progressOn } from '../../output/progress.ts';
import type { Job } from './job.ts';

/** Asks all boxes for their plans, and tells on a terminal how far that has come. Throws the signal's reason. */
export async function askForPlans(job: Job, signal: AbortSignal): Promise<Looked[]> {
  const progress = progressOn(process.stderr);
  try {
    return await lookAtBoxes(job, {
      signal,
      tell: (done, of) => progress.tell(`${done} of ${of} boxes`),
      waiting: (box, deployment) =>
        process.stderr.write(`${box}: waiting for deployment ${foreignText(deployment)}\n`),
    });
  } finally {
    progress.done();
  }
}
