import type { Command } from 'commander';

/** The options of every command that works on a repository. */
export interface RepositoryOptions {
  directory?: string;
  store?: string;
}

/** Adds the options of {@link RepositoryOptions}. */
export function withRepositoryOptions(command: Command): Command {
  return command
    .option(
      '-C, --directory <dir>',
      'the workspace (default: the nearest folder up with a manifest or an app)',
    )
    .option(
      '--store <url>',
      'the repository: a folder, s3://BUCKET/PREFIX or https://… (default: STRATA_ARTIFACTS, then what the manifest says)',
    );
}

/** The options of every command that is about one artifact of an app on one channel. */
export interface SeriesOptions extends RepositoryOptions {
  channel: string;
  artifact?: string;
}

/** Adds the options of {@link SeriesOptions}. */
export function withSeriesOptions(command: Command): Command {
  return withRepositoryOptions(command)
    .option('--channel <name>', 'the channel', 'master')
    .option('--artifact <name>', "the artifact's file name (default: the one named APP.tar…)");
}
