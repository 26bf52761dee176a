import { Command } from 'commander';
import type { trustGiven } from './work/trust.ts';

/** `strata keys trust KEY`: from now on the key's signatures count for this user. */
export function trustCommand(): Command {
  return new Command('trust')
    .summary('let the signatures of a key count')
    .description(
      'Trusts artifacts that a key signed: of all apps on all channels, or of those that are named.',
    )
    .argument('<key>', 'the public key (ed25519:…), or a file that holds it')
    .option('--name <name>', "what it is called in messages (default: the file's name, or the key's id)")
    .option('--app <pattern>', 'the apps that it may sign; * stands for any letters', '*')
    .option('--channel <pattern>', 'the channels that it may sign for', '*')
    .action(async (...given: Parameters<typeof trustGiven>) =>
      (await import('./work/trust.ts')).trustGiven(...given),
    );
}
