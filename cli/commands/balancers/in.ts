import { Command } from 'commander';
import { withBoxOptions } from '../boxes/options.ts';
import type { putBack } from './work/set.ts';

/** `strata balancers in BOX...`: as a rollout does it. */
export function inCommand(): Command {
  return withBoxOptions(new Command('in'))
    .summary('put boxes back into their balancers')
    .description('Has boxes get requests again, and waits until they do.')
    .action(async (...given: Parameters<typeof putBack>) =>
      (await import('./work/set.ts')).putBack(...given),
    );
}
