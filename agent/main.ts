import './memory.ts';

import { Command, CommanderError } from 'commander';
import { ArtifactError } from '../artifact/failure.ts';
import { checkCommand } from './commands/check.ts';
import { connectCommand } from './commands/connect.ts';
import { initCommand } from './commands/init.ts';
import { runCommand } from './commands/run.ts';
import { tokenCommand } from './commands/token.ts';
import { AgentError } from './failure.ts';
import { version } from './version.ts';

/** What the command's exit codes mean. */
const exitCodes = { problems: 1, usage: 2 } as const;

/** The whole command with its subcommands. */
function agentCommand(): Command {
  const program = new Command('strata-agent')
    .description('Carries out deployments on a box, and tells what it does.')
    .version(version)
    .exitOverride()
    .enablePositionalOptions()
    .showHelpAfterError('(strata-agent --help tells more)');
  for (const make of [runCommand, initCommand, tokenCommand, connectCommand, checkCommand]) {
    const command = make().copyInheritedSettings(program);
    for (const below of command.commands) below.copyInheritedSettings(program);
    program.addCommand(command);
  }
  return program;
}

async function main(): Promise<void> {
  try {
    await agentCommand().parseAsync();
  } catch (error) {
    process.exitCode = tell(error);
  }
}

/** Says what went wrong; returns the exit code. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  const isKnown = error instanceof AgentError || error instanceof ArtifactError;
  // What the system refused (a full disk, a folder of somebody else's) is no fault of ours.
  if (!isKnown && !(error instanceof Error && 'syscall' in error)) throw error;
  // Places in a file stand at the start of their lines, where editors look for them.
  const prefix = error instanceof AgentError && 'faults' in error.details ? '' : 'strata-agent: ';
  for (const line of error.message.split('\n')) process.stderr.write(`${prefix}${line}\n`);
  return exitCodes.problems;
}

void main();
