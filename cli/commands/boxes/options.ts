import type { Command } from 'commander';

/** Which boxes are meant; all where nothing is said. */
export interface BoxOptions {
  directory?: string;
  env?: string;
  cluster?: string;
  app?: string;
  label?: string[];
  json?: true;
}

/** Adds the options of {@link BoxOptions}, and the names of boxes as arguments. */
export function withBoxOptions(command: Command): Command {
  return command
    .argument('[box...]', 'the names of boxes (default: all)')
    .option(
      '-C, --directory <dir>',
      'the workspace (default: the nearest folder up with a manifest or an app)',
    )
    .option('-e, --env <environment>', 'those of an environment')
    .option('-c, --cluster <cluster>', 'those of a cluster')
    .option('--app <app>', 'those that an app runs on')
    .option('--label <key=value>', 'those with a label; may be given several times', collect)
    .option('--json', 'print JSON');
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
