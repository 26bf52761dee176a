import { Command } from 'commander';
import type { makeKey } from './work/new.ts';

/** `strata keys new NAME`: makes a key to sign with. */
export function newCommand(): Command {
  return new Command('new')
    .summary('make a key to sign artifacts with')
    .description('Makes an Ed25519 key to sign artifacts with, and trusts it here. Prints its public part.')
    .argument('<name>', 'what the key is called')
    .option('--no-trust', 'do not trust it here')
    .action(async (...given: Parameters<typeof makeKey>) =>
      (await import('./work/new.ts')).makeKey(...given),
    );
}
