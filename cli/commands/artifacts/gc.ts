import { Command, InvalidArgumentError } from 'commander';
import { withRepositoryOptions } from '../../repositoryOptions.ts';
import type { collectGarbage } from './work/gc.ts';

/** `strata artifacts gc --max-versions N`: takes old versions away. */
export function gcCommand(): Command {
  return withRepositoryOptions(new Command('gc'))
    .summary('take old versions away')
    .description(
      'Takes away all but the highest versions of every artifact; the latest stays, and so does what is in use.',
    )
    .argument('[app]', 'the app (default: all)')
    .requiredOption('--max-versions <n>', 'how many versions of each artifact stay', wholeNumber)
    .option('--channel <name>', 'the channel (default: all)')
    .option('--artifact <name>', 'the artifact (default: all)')
    .option('--keep <version...>', 'versions that stay on every channel')
    .option('--in-use <file>', 'a file of what boxes run: a line APP/CHANNEL/VERSION each')
    .option('-n, --dry-run', 'only tell what would go')
    .action(async (...given: Parameters<typeof collectGarbage>) =>
      (await import('./work/gc.ts')).collectGarbage(...given),
    );
}

function wholeNumber(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('it must be a whole number, 1 or more');
  return Number(value);
}
