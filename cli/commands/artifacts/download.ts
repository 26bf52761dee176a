import { Command } from 'commander';
import { withSeriesOptions } from '../../repositoryOptions.ts';
import type { downloadVersion } from './work/download.ts';

/** `strata artifacts download APP [VERSION]`: gets a version, checked before it can be read. */
export function downloadCommand(): Command {
  return withSeriesOptions(new Command('download'))
    .summary('get a version, with its digest and signature checked')
    .description(
      'Gets a version into a file, which appears when its digest and signature have been checked. ' +
        'A download that was broken off goes on where it was.',
    )
    .argument('<app>', 'the app')
    .argument('[version]', 'the version (default: the latest)')
    .option('-o, --output <file>', "the file (default: the artifact's name, in the working directory)")
    .option('--minimum <version>', 'refuse a version lower than this one')
    .option('--json', 'print JSON')
    .action(async (...given: Parameters<typeof downloadVersion>) =>
      (await import('./work/download.ts')).downloadVersion(...given),
    );
}
