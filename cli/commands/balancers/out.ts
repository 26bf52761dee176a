import { Command } from 'commander';
import { withBoxOptions } from '../boxes/options.ts';
import type { takeOut } from './work/set.ts';

/** `strata balancers out BOX...`: as a rollout does it. */
export function outCommand(): Command {
  return withBoxOptions(new Command('out'))
    .summary('take boxes out of their balancers')
    .description(
      'Has boxes get no new requests, and waits until they have finished what they have. The last box that is up stays in.',
    )
    .action(async (...given: Parameters<typeof takeOut>) =>
      (await import('./work/set.ts')).takeOut(...given),
    );
}
