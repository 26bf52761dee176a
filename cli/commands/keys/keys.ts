import { Command } from 'commander';
import { listCommand } from './list.ts';
import { newCommand } from './new.ts';
import { trustCommand } from './trust.ts';

/** `strata keys …`: the keys that sign artifacts. */
export function keysCommand(): Command {
  const command = new Command('keys')
    .summary('make and trust the keys that sign artifacts')
    .description('Makes the keys that artifacts are signed with, and says whose signatures count.');
  for (const make of [newCommand, trustCommand, listCommand]) command.addCommand(make());
  return command;
}
