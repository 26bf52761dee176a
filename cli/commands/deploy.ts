import { Command } from 'commander';
import { UsageError } from '../failure.ts';
import { type RolloutOptions, withRolloutOptions } from './deploy/options.ts';

/** The options of `strata deploy`, as they are given. */
export interface DeployOptions extends RolloutOptions {
  configs?: string;
  force?: true;
  plan?: true;
  /** The id of a rollout; `true` for the last one. */
  retryFailed?: string | true;
  revertSucceeded?: string | true;
  resume?: string | true;
}

/** `strata deploy`: makes a version live on the boxes of an environment. */
export function deployCommand(): Command {
  const command = new Command('deploy')
    .summary('deploy an app to the boxes of an environment')
    .description(
      'Asks every box what a deployment would do there, shows it, and deploys once that is confirmed: box by box or in ' +
        'batches, until too many fail. A rollout that was broken off goes on with --resume (docs/rollouts.md).',
    )
    .argument('[app]', 'the app')
    .option('--configs <version>', 'the version of the central config (default: as the boxes say)')
    .option('--force', 'deploy a version that is live once more')
    .option('--plan', 'show what would be done, and stop');
  return withRolloutOptions(command)
    .option('--retry-failed [rollout]', 'do again what of the last rollout (or that one) did not end well')
    .option('--revert-succeeded [rollout]', 'give its boxes that succeeded back what they had before')
    .option('--resume [rollout]', 'go on with the last rollout (or that one) where it was broken off')
    .addHelpText('after', exitHelp)
    .action(async (app: string | undefined, options: DeployOptions) => {
      const asked = [options.retryFailed, options.revertSucceeded, options.resume];
      if (asked.filter((one) => one !== undefined).length > 1) {
        throw new UsageError('--retry-failed, --revert-succeeded and --resume: give one of them');
      }
      await (await import('./deploy/deployApp.ts')).deployApp(app, options);
    });
}

/** What the exit codes of rollouts mean. */
export const exitHelp = `
Exit codes: 0 all is done; 1 a box failed; 2 called wrongly; 3 refused before anything began;
4 stopped; 5 a box could not be reached, or nobody knows how it ended.`;
