import { Command } from 'commander';
import { withBoxOptions } from './options.ts';
import type { checkBoxes } from './work/check.ts';

/** `strata boxes check`: whether the agents of boxes answer, and how they are. */
export function checkCommand(): Command {
  return withBoxOptions(new Command('check'))
    .summary('ask the agents of boxes how they are')
    .description(
      'Asks the agent of each box: whether it can be reached and takes the token, its version, how far its clock ' +
        'is off, and until when its certificate is good. It fails where something is wrong with one.',
    )
    .option('--timeout <seconds>', 'how long one may take', '10')
    .action(async (...given: Parameters<typeof checkBoxes>) =>
      (await import('./work/check.ts')).checkBoxes(...given),
    );
}
