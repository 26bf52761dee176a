import { Command } from 'commander';
import { withBoxOptions } from '../boxes/options.ts';
import type { showBalancers } from './work/status.ts';

/** `strata balancers [status]`: how boxes stand with their balancers. */
export function statusCommand(): Command {
  return withBoxOptions(new Command('status'))
    .summary('how boxes stand with their balancers')
    .description(
      'Asks the balancers before the boxes which of them get requests, and how many they have now.',
    )
    .action(async (...given: Parameters<typeof showBalancers>) =>
      (await import('./work/status.ts')).showBalancers(...given),
    );
}
