import { Command, CommanderError } from 'commander';
import { ArtifactError } from '../artifact/failure.ts';
import { artifactsCommand } from './commands/artifacts/artifacts.ts';
import { balancersCommand } from './commands/balancers/balancers.ts';
import { boxesCommand } from './commands/boxes/boxes.ts';
import { buildCommand } from './commands/build.ts';
import { completionCommand } from './commands/completion.ts';
import { deployCommand } from './commands/deploy.ts';
import { explainCommand } from './commands/explain.ts';
import { keysCommand } from './commands/keys/keys.ts';
import { lintCommand } from './commands/lint.ts';
import { logsCommand } from './commands/logs.ts';
import { lspCommand } from './commands/lsp.ts';
import { renderCommand } from './commands/render.ts';
import { rollbackCommand } from './commands/rollback.ts';
import { statusCommand } from './commands/status.ts';
import { exitCodes, RefusedError, UsageError, WorkError } from './failure.ts';
import { version } from './version.ts';

/** The whole command with its subcommands. */
export function strataCommand(): Command {
  const program = new Command('strata')
    .description('Layered configuration: what a setting is in every environment, and which layer says so.')
    .version(version)
    .exitOverride()
    // `strata build --version 7` is not about the version of strata.
    .enablePositionalOptions()
    .showHelpAfterError('(strata --help tells more)');
  for (const make of [
    renderCommand,
    explainCommand,
    lintCommand,
    buildCommand,
    artifactsCommand,
    keysCommand,
    boxesCommand,
    balancersCommand,
    deployCommand,
    rollbackCommand,
    statusCommand,
    logsCommand,
    lspCommand,
  ]) {
    const command = make().copyInheritedSettings(program);
    for (const below of command.commands) below.copyInheritedSettings(program);
    program.addCommand(command);
  }
  program.addCommand(completionCommand(program).copyInheritedSettings(program));
  return program;
}

async function main(): Promise<void> {
  try {
    await strataCommand().parseAsync();
  } catch (error) {
    process.exitCode = tell(error);
  }
}

/** Says what went wrong; returns the exit code. */
function tell(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof UsageError || error instanceof WorkError) {
    process.stderr.write(`strata: ${error.message}\n`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.problems;
  }
  if (error instanceof RefusedError) {
    process.stderr.write(`strata: ${error.message}\n`);
    return exitCodes.refused;
  }
  if (error instanceof ArtifactError) {
    process.stderr.write(`strata: ${error.message}\n`);
    return error.code === 'invalid' ? exitCodes.usage : exitCodes.problems;
  }
  // What the system refused (a full disk, a working directory that is gone) is no fault of ours.
  if (error instanceof Error && 'syscall' in error) {
    process.stderr.write(`strata: ${error.message}\n`);
    return exitCodes.problems;
  }
  throw error;
}

// A reader that has seen enough (`strata render … | head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : tell(error));
});

void main();
