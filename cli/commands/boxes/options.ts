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
  return withPlaceOptions(command.argument('[box...]', 'the names of boxes (default: all)'))
    .option('--app <app>', 'those that an app runs on')
    .option('--json', 'print JSON');
}

/** The options by which boxes are chosen where the arguments are something else: {@link BoxOptions} and `box`. */
export function withBoxChoice(command: Command): Command {
  return withPlaceOptions(command).option(
    '--box <name>',
    'a box by its name; may be given several times',
    collect,
  );
}

function withPlaceOptions(command: Command): Command {
  return command
    .option(
      '-C, --directory <dir>',
      'the workspace (default: the nearest folder up with a manifest or an app)',
    )
    .option('-e, --env <environment>', 'those of an environment')
    .option('-c, --cluster <cluster>', 'those of a cluster')
    .option('--label <key=value>', 'those with a label; may be given several times', collect);
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}
