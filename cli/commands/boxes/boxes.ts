import { Command } from 'commander';
import { checkCommand } from './check.ts';
import { listCommand } from './list.ts';

/** `strata boxes …`: the machines that apps are deployed to, as the manifest names them. */
export function boxesCommand(): Command {
  return new Command('boxes')
    .summary('list the boxes of the workspace, and ask how they are')
    .description('Works on the boxes that the manifest names: the machines that run the agent.')
    .addCommand(listCommand(), { isDefault: true })
    .addCommand(checkCommand());
}
