import { Command } from 'commander';
import type { listKeys } from './work/list.ts';

/** `strata keys list`: the keys to sign with, and those that are trusted. */
export function listCommand(): Command {
  return new Command('list')
    .summary('list the keys to sign with, and those that are trusted')
    .description('Lists the keys that you can sign with, and those whose signatures count for you.')
    .option('--json', 'print JSON')
    .action(async (...given: Parameters<typeof listKeys>) =>
      (await import('./work/list.ts')).listKeys(...given),
    );
}
