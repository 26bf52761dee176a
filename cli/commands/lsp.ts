import { createRequire } from 'node:module';
import path from 'node:path';
import { Command } from 'commander';

/** `strata lsp --stdio`: the language server for editors other than VS Code. */
export function lspCommand(): Command {
  return new Command('lsp')
    .summary('run the language server')
    .description('Runs the language server for an editor: it speaks LSP 3.17 on standard input and output.')
    .option('--stdio', 'speak on standard input and output (the default)')
    .allowExcessArguments()
    .action(() => {
      if (!process.argv.includes('--stdio')) process.argv.push('--stdio');
      // The server is a bundle of its own beside this one: the command shares no code with it.
      createRequire(__filename)(path.join(__dirname, 'server.js'));
    });
}
