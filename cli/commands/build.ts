import { Command, InvalidArgumentError, Option } from 'commander';

/** The options of `strata build`, as they are given. */
export interface BuildOptions {
  directory?: string;
  all?: true;
  env?: string;
  cluster?: string;
  channel?: string;
  version?: string;
  jobs: number;
  skipTests?: true;
  testOnly?: true;
  prepareOnly?: true;
  forceVirtualenv?: true;
  keep?: true;
  allowDirty?: true;
  /** In minutes. */
  timeout?: number;
  output?: string;
  upload: boolean;
  store?: string;
  key?: string;
  json?: true;
}

/** `strata build`: from a commit to an artifact in the repository. */
export function buildCommand(): Command {
  return new Command('build')
    .summary('build apps and put their artifacts into the repository')
    .description(
      'Configures an app, gets what it needs, builds, tests and packs it, and uploads the artifact: the same commit ' +
        'gives the same bytes. Its scripts/build.sh, test.sh and dist.sh, its package.json and requirements.txt say how; ' +
        'the manifest may say otherwise (docs/building.md).',
    )
    .argument('[app...]', 'names of apps, or their folders (default: the app of the working directory)')
    .option(
      '-C, --directory <dir>',
      'the workspace (default: the nearest folder up with a manifest or an app)',
    )
    .option('--all', 'every app of the workspace that has a folder')
    .option('-e, --env <environment>', 'the environment that is configured for (default: of the manifest)')
    .option('-c, --cluster <cluster>', 'the cluster of that environment')
    .option('--channel <name>', 'the channel (default: the branch; `main` is `master`)')
    .option('--version <version>', 'the version (default: BUILD_NUMBER, else the next one of the channel)')
    .option('-j, --jobs <n>', 'so many apps at once', wholeNumber, 1)
    .addOption(new Option('-T, --skip-tests', 'do not test').conflicts(['testOnly', 'prepareOnly']))
    .addOption(
      new Option('--test-only', 'configure, prepare and test: nothing is packed').conflicts('prepareOnly'),
    )
    .option('--prepare-only', 'configure and prepare: nothing is built')
    .option('--force-virtualenv', 'make the virtualenv anew, even where one is kept')
    .option('--keep', "leave the configuration in the app's folder")
    .option('--allow-dirty', 'build with changes that are not committed, or without git')
    .option('--timeout <minutes>', 'how long a step may take (default: 30, or of the manifest)', minutes)
    .option('-o, --output <dir>', 'put the tarball there, too')
    .option('--no-upload', 'do not put the artifact into the repository')
    .option('--store <url>', 'the repository (default: STRATA_ARTIFACTS, then what the manifest says)')
    .option('--key <name>', 'the key to sign with (default: the only one)')
    .option('--json', 'print one line of JSON for each app; all else goes to standard error')
    .action(async (apps: string[], options: BuildOptions) => {
      // The parts that build are loaded only here: no other command waits for them.
      const { buildApps } = await import('./build/buildApps.ts');
      await buildApps(apps, options);
    });
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,2}$/.test(value)) throw new InvalidArgumentError('it must be a whole number from 1 on');
  return Number(value);
}

function minutes(value: string): number {
  const number = Number(value);
  // Timers count up to 2^31 milliseconds.
  if (!(number > 0 && number <= 35_000)) throw new InvalidArgumentError('it must be a number of minutes');
  return number;
}
