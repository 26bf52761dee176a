import { Command } from 'commander';
import { withSeriesOptions } from '../../repositoryOptions.ts';
import type { listVersions } from './work/versions.ts';

/** `strata artifacts versions APP`: the versions of an artifact, lowest first. */
export function versionsCommand(): Command {
  return withSeriesOptions(new Command('versions'))
    .summary('list the versions of an artifact')
    .description('Lists the versions of an artifact on a channel, lowest first.')
    .argument('<app>', 'the app')
    .option('--json', 'print JSON')
    .action(async (...given: Parameters<typeof listVersions>) =>
      (await import('./work/versions.ts')).listVersions(...given),
    );
}
