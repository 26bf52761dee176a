import { Command } from 'commander';
import { type RolloutOptions, withRolloutOptions } from './deploy/options.ts';
import { exitHelp } from './deploy.ts';

/** `strata rollback APP`: makes the release before live again. */
export function rollbackCommand(): Command {
  const command = new Command('rollback')
    .summary('go back to the release before')
    .description(
      'Shows what going back would do on each box: to the release that was live before, or to the version that is named, as it ' +
        'lies there and with the configuration that it had. Does it once that is confirmed.',
    )
    .argument('<app>', 'the app')
    .option('--plan', 'show what would be done, and stop');
  return withRolloutOptions(command)
    .addHelpText('after', exitHelp)
    .action(async (app: string, options: RolloutOptions & { plan?: true }) =>
      (await import('./deploy/deployApp.ts')).rollbackApp(app, options),
    );
}
