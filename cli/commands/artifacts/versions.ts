import { Command, InvalidArgumentError } from 'commander';
import { withSeriesOptions } from '../../repositoryOptions.ts';
import type { listVersions } from './work/versions.ts';

/** `strata artifacts versions APP`: the versions of an artifact, lowest first. */
export function versionsCommand(): Command {
  return withSeriesOptions(new Command('versions'))
    .summary('list the versions of an artifact')
    .description('Lists the versions of an artifact on a channel, lowest first.')
    .argument('<app>', 'the app')
    .option('--json', 'print JSON')
    .option('--facts <n>', 'with --json: tell how the highest n were made (commit, branch, builder)', count)
    .action(async (...given: Parameters<typeof listVersions>) =>
      (await import('./work/versions.ts')).listVersions(...given),
    );
}

function count(value: string): number {
  if (!/^\d{1,4}$/.test(value)) throw new InvalidArgumentError('it must be a whole number, up to 9999');
  return Number(value);
}
