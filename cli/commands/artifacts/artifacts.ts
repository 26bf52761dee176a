import { Command } from 'commander';
import { deleteCommand } from './delete.ts';
import { downloadCommand } from './download.ts';
import { gcCommand } from './gc.ts';
import { listCommand } from './list.ts';
import { promoteCommand } from './promote.ts';
import { showCommand } from './show.ts';
import { uploadCommand } from './upload.ts';
import { verifyCommand } from './verify.ts';
import { versionsCommand } from './versions.ts';

/** `strata artifacts …`: what is built, and where it is kept. */
export function artifactsCommand(): Command {
  const command = new Command('artifacts')
    .summary('keep built artifacts where every box finds them')
    .description('Works on a repository of artifacts: immutable versions, signed, by app and channel.');
  const verbs = [listCommand, versionsCommand, showCommand, uploadCommand, downloadCommand, deleteCommand];
  for (const make of [...verbs, promoteCommand, gcCommand, verifyCommand]) command.addCommand(make());
  return command;
}
