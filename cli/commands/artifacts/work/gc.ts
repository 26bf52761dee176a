import fs from 'node:fs';
import { bytesText } from '../../../../artifact/bytes.ts';
import { gc } from '../../../../artifact/repository/gc.ts';
import { inUse } from '../../../../artifact/repository/inUse.ts';
import { seriesText } from '../../../../artifact/repository/repository.ts';
import { UsageError } from '../../../failure.ts';
import { interruptible } from '../../../interruption.ts';
import { repositoryFrom } from '../../../repository.ts';
import type { RepositoryOptions } from '../../../repositoryOptions.ts';

interface Options extends RepositoryOptions {
  channel?: string;
  artifact?: string;
  maxVersions: number;
  keep?: string[];
  inUse?: string;
  dryRun?: true;
}

/** Takes old versions away, and prints them. */
export async function collectGarbage(app: string | undefined, options: Options): Promise<void> {
  const repo = await repositoryFrom(options);
  const { channel, artifact, maxVersions, dryRun } = options;
  const keep = new Set(options.keep);
  const isRun = options.inUse === undefined ? undefined : inUse(options.inUse, textOf(options.inUse));
  const gone = { count: 0, bytes: 0 };
  await interruptible((signal) =>
    gc(repo, {
      ...{ app, channel, artifact, maxVersions, isDry: dryRun, signal },
      isInUse: (series, version) => keep.has(version) || isRun?.(series, version) === true,
      onRemoved(series, { version, size }) {
        gone.count++;
        gone.bytes += size;
        process.stdout.write(`${seriesText(series)} ${version}\n`);
      },
    }),
  );
  const verb = dryRun ? 'would delete' : 'deleted';
  process.stderr.write(`${verb} ${gone.count} versions, ${bytesText(gone.bytes)}\n`);
}

function textOf(file: string): string {
  if (!fs.existsSync(file)) throw new UsageError(`there is no file ${file}`);
  return fs.readFileSync(file, 'utf8');
}
