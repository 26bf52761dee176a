import { Command } from 'commander';
import { withBoxOptions } from './options.ts';
import type { listBoxes } from './work/list.ts';

/** `strata boxes [list]`: the boxes of the manifest. */
export function listCommand(): Command {
  return withBoxOptions(new Command('list'))
    .summary('list the boxes of the workspace')
    .description('Lists the boxes that the manifest names, with what each is for.')
    .action(async (...given: Parameters<typeof listBoxes>) =>
      (await import('./work/list.ts')).listBoxes(...given),
    );
}
