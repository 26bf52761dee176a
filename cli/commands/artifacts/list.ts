import { Command } from 'commander';
import { withRepositoryOptions } from '../../repositoryOptions.ts';
import type { list } from './work/list.ts';

/** `strata artifacts list [APP]`: what a repository holds. */
export function listCommand(): Command {
  return withRepositoryOptions(new Command('list'))
    .summary('list apps, channels and artifacts with their latest versions')
    .description('Lists the artifacts of a repository, by app and channel, with their latest versions.')
    .argument('[app]', 'the app (default: all)')
    .option('--channel <name>', 'the channel (default: all)')
    .option('--json', 'print JSON')
    .action(async (...given: Parameters<typeof list>) => (await import('./work/list.ts')).list(...given));
}
