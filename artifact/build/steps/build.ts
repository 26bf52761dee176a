import { commandOf } from '../conventions.ts';
import type { StepOutcome } from '../reporter.ts';
import { runIn, type Work } from '../work.ts';

/** Builds the app as its manifest, its `scripts/build.sh` or its package.json says. */
export async function build(work: Work): Promise<StepOutcome> {
  const command = commandOf('build', work.folder, work.settings);
  if (command === undefined) return 'none';
  await runIn(work, command);
  return 'done';
}
