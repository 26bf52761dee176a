import { Command } from 'commander';
import { withSeriesOptions } from '../../repositoryOptions.ts';
import type { promoteVersion } from './work/promote.ts';

/** `strata artifacts promote APP [VERSION] --to CHANNEL`: gives another channel a version. */
export function promoteCommand(): Command {
  return withSeriesOptions(new Command('promote'))
    .summary('give another channel a version, by the same bytes')
    .description(
      'Gives another channel a version that may be used here, by the same bytes, signed for that channel.',
    )
    .argument('<app>', 'the app')
    .argument('[version]', 'the version (default: the latest)')
    .requiredOption('--to <channel>', 'the channel that gets it')
    .option('--key <name>', 'the key to sign with (default: the only one that there is)')
    .option('--json', 'print JSON')
    .action(async (...given: Parameters<typeof promoteVersion>) =>
      (await import('./work/promote.ts')).promoteVersion(...given),
    );
}
