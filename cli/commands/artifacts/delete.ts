import { Command } from 'commander';
import { withSeriesOptions } from '../../repositoryOptions.ts';
import type { deleteVersion } from './work/delete.ts';

/** `strata artifacts delete APP VERSION`: takes a version away. */
export function deleteCommand(): Command {
  return withSeriesOptions(new Command('delete'))
    .summary('take a version away')
    .description('Takes a version away for good; where it was the latest, the one before it is then.')
    .argument('<app>', 'the app')
    .argument('<version>', 'the version')
    .action(async (...given: Parameters<typeof deleteVersion>) =>
      (await import('./work/delete.ts')).deleteVersion(...given),
    );
}
