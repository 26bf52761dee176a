import { Command } from 'commander';
import { withSeriesOptions } from '../../repositoryOptions.ts';
import type { show } from './work/show.ts';

/** `strata artifacts show APP [VERSION]`: all that is known of a version, also of one that would be refused. */
export function showCommand(): Command {
  return withSeriesOptions(new Command('show'))
    .summary('tell all that is known of a version')
    .description('Tells who built and signed a version, and of what; fails where it would be refused.')
    .argument('<app>', 'the app')
    .argument('[version]', 'the version (default: the latest)')
    .option('--json', 'print JSON')
    .action(async (...given: Parameters<typeof show>) => (await import('./work/show.ts')).show(...given));
}
