import { Command } from 'commander';
import { inCommand } from './in.ts';
import { outCommand } from './out.ts';
import { statusCommand } from './status.ts';

/** `strata balancers …`: what gives requests to boxes, as the manifest names it. */
export function balancersCommand(): Command {
  return new Command('balancers')
    .summary('which boxes get requests, and take them out by hand')
    .description(
      'Asks the load balancers that the manifest names (docs/rollouts.md), or tells them something. Rollouts take boxes out ' +
        'and put them back by themselves; where one was broken off in between, or a box was left out, it is put right here.',
    )
    .addCommand(statusCommand(), { isDefault: true })
    .addCommand(outCommand())
    .addCommand(inCommand());
}
