import { Command } from 'commander';
import { withRepositoryOptions } from '../../repositoryOptions.ts';
import type { verifyAll } from './work/verify.ts';

/** `strata artifacts verify [APP [VERSION]]`: checks the digests and signatures of what is there. */
export function verifyCommand(): Command {
  return withRepositoryOptions(new Command('verify'))
    .summary('check the digests and signatures of what is there')
    .description('Reads artifacts and checks them as a download does; fails where one would be refused.')
    .argument('[app]', 'the app (default: all)')
    .argument('[version]', 'the version (default: all)')
    .option('--channel <name>', 'the channel (default: all, and master for one version)')
    .option('--artifact <name>', 'the artifact (default: all)')
    .option('--json', 'print JSON')
    .action(async (...given: Parameters<typeof verifyAll>) =>
      (await import('./work/verify.ts')).verifyAll(...given),
    );
}
