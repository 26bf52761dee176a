import { Command } from 'commander';
import { UsageError } from '../../failure.ts';
import { withSeriesOptions } from '../../repositoryOptions.ts';
import type { uploadFile } from './work/upload.ts';

/** `strata artifacts upload APP FILE [VERSION]`: puts a file into a repository. */
export function uploadCommand(): Command {
  return withSeriesOptions(new Command('upload'))
    .summary('put a file into the repository as a new version')
    .description(
      'Puts a file into the repository as a version, signed. A version appears all at once and never changes.',
    )
    .argument('<app>', 'the app')
    .argument('<file>', "the file; its name is the artifact's unless --artifact says another")
    .argument('[version]', 'the version (default: the next one)')
    .option('--key <name>', 'the key to sign with (default: the only one that there is)')
    .option(
      '-m, --meta <key=value>',
      'what else is known of it, as in commit=…; may be given several times',
      addMeta,
    )
    .option('--expires <time>', 'how long it may be used, as in 90d')
    .option('--json', 'print JSON')
    .action(async (...given: Parameters<typeof uploadFile>) =>
      (await import('./work/upload.ts')).uploadFile(...given),
    );
}

function addMeta(pair: string, before: Record<string, string> = {}): Record<string, string> {
  const at = pair.indexOf('=');
  if (at < 1) throw new UsageError(`--meta ${pair}: write KEY=VALUE`);
  return { ...before, [pair.slice(0, at)]: pair.slice(at + 1) };
}
