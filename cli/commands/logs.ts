import { Command, Option } from 'commander';
import { withBoxChoice } from './boxes/options.ts';
import type { showLogs } from './logs/showLogs.ts';

/** `strata logs`: what deployments tell. */
export function logsCommand(): Command {
  return withBoxChoice(new Command('logs'))
    .summary('show what deployments told, and follow them')
    .description(
      'Shows the events of the last deployment on each box that is meant, those of several boxes by their time. ' +
        'With --follow it goes on with what comes, in deployments that begin later too, until Ctrl+C.',
    )
    .argument('[app]', 'an app (default: the last deployment, whatever its app)')
    .option('-f, --follow', 'go on with what comes')
    .option('--deployment <id>', 'show this deployment')
    .option('--since <when>', 'show all since then: 90s, 10m, 2h, 1d ago, or 2026-02-28T13:45Z')
    .option('--stage <stage>', 'show only the lines of a stage: prepare, deployed …')
    .addOption(
      new Option('--stream <stream>', 'show only the lines of a stream').choices([
        'stdout',
        'stderr',
        'agent',
      ]),
    )
    .option('--json', 'print a line of JSON for each event')
    .action(async (...given: Parameters<typeof showLogs>) =>
      (await import('./logs/showLogs.ts')).showLogs(...given),
    );
}
