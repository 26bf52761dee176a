import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Compression } from '../../../core/workspace/buildSettings.ts';
import { packArchiveFile } from '../../archive/pack.ts';
import { bytesText } from '../../bytes.ts';
import { checkCancelled } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';
import { type StepCommand, scriptCommand, shellCommand } from '../conventions.ts';
import { changedFiles } from '../gitFacts.ts';
import { packedFiles } from '../packedFiles.ts';
import type { StepOutcome } from '../reporter.ts';
import { note, runIn, type Tarball, type Work, warn } from '../work.ts';

/** Makes the tarball: the app's own script does, or its files are packed so that the same commit gives the same bytes. */
export async function packageApp(work: Work): Promise<StepOutcome> {
  await warnOfChanges(work);
  const command = distCommand(work);
  const tarball = command === undefined ? await pack(work) : await runDist(work, command);
  const { sha256, size, entries } = tarball;
  const files = entries === undefined ? '' : `, ${entries} entries`;
  note(work, `${path.basename(tarball.file)}: ${bytesText(size)}${files}, sha256 ${sha256}`);
  work.tarball = tarball;
  if (work.wishes.output !== undefined) keepIn(work, tarball, work.wishes.output);
  return 'done';
}

/** What a build does to files that git does not ignore is in no commit. */
async function warnOfChanges(work: Work): Promise<void> {
  const now = await changedFiles(work.folder, work.read, work.signal);
  const before = new Set(work.source.changed ?? []);
  const [first, ...others] = (now ?? []).filter((file) => !before.has(file));
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  warn(work, `the build has changed files that git does not ignore: ${first}${more}`);
}

/** How the name of a tarball ends. */
function ending(compression: Compression): string {
  return compression === 'gzip' ? 'tar.gz' : 'tar.zst';
}

function distCommand({ settings, folder }: Work): StepCommand | undefined {
  const said = settings.steps.package;
  if (said !== undefined) return said === false ? undefined : shellCommand(said);
  return scriptCommand(folder, 'scripts/dist.sh');
}

async function pack(work: Work): Promise<Tarball> {
  const { app, folder, compression, places, signal, reporter } = work;
  const names = await packedFiles(folder, work.settings.outputs ?? [], signal);
  if (names.length === 0) {
    throw new ArtifactError('failed', `there is nothing to pack: git tracks no file in ${folder}`);
  }
  const file = path.join(places.staging, `${app}.${ending(compression)}`);
  const packed = await packArchiveFile(file, {
    top: app,
    sources: [{ root: folder, names }],
    mtime: sourceTime(work),
    compression,
    signal,
    onProgress: (done, total) => reporter.progress(`${bytesText(done)} of ${bytesText(total)}`),
  });
  return { file, compression, ...packed };
}

/** `SOURCE_DATE_EPOCH`, else the time of the commit, else the beginning of time: never the clock's. */
function sourceTime({ env, source }: Work): number {
  const said = env.SOURCE_DATE_EPOCH;
  return said !== undefined && /^\d{1,11}$/.test(said) ? Number(said) : (source.time ?? 0);
}

async function runDist(work: Work, command: StepCommand): Promise<Tarball> {
  const { app, folder, signal } = work;
  const file = path.join(folder, 'dist', `${app}.tar.gz`);
  const before = stampOf(file);
  await runIn(work, command);
  const after = stampOf(file);
  if (after === undefined || after === before) {
    const state = after === undefined ? 'is not there' : 'is the one that was there before';
    throw new ArtifactError('failed', `${command.name} has made no tarball: dist/${app}.tar.gz ${state}`);
  }
  const { sha256, size, start } = await digestOf(file, signal);
  const compression = compressionOf(start);
  if (compression === undefined) {
    const message = `dist/${app}.tar.gz is compressed neither with gzip nor with zstd: mend ${command.name}`;
    throw new ArtifactError('failed', message);
  }
  return { file, sha256, size, compression };
}

function stampOf(file: string): string | undefined {
  const stat = fs.statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat?.isFile() ? `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}` : undefined;
}

async function digestOf(
  file: string,
  signal: AbortSignal,
): Promise<{ sha256: string; size: number; start: Buffer }> {
  const hash = createHash('sha256');
  let size = 0;
  let start = Buffer.alloc(0);
  try {
    await pipeline(
      fs.createReadStream(file, { highWaterMark: 1024 * 1024 }),
      async (source) => {
        for await (const bytes of source as AsyncIterable<Buffer>) {
          if (start.length < 4) start = Buffer.concat([start, bytes.subarray(0, 4)]);
          hash.update(bytes);
          size += bytes.length;
        }
      },
      { signal },
    );
  } catch (error) {
    checkCancelled(signal);
    throw new ArtifactError('unavailable', `${file} cannot be read: ${(error as Error).message}`, error);
  }
  return { sha256: hash.digest('hex'), size, start };
}

function compressionOf(start: Buffer): Compression | undefined {
  const magic = start.toString('hex');
  if (magic.startsWith('1f8b')) return 'gzip';
  return magic.startsWith('28b52ffd') ? 'zstd' : undefined;
}

function keepIn(work: Work, { file, compression }: Tarball, folder: string): void {
  const target = path.join(folder, `${work.app}.${ending(compression)}`);
  const beside = `${target}.${process.pid}.part`;
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.copyFileSync(file, beside);
    fs.renameSync(beside, target);
  } catch (error) {
    throw new ArtifactError('unavailable', `${target} cannot be written: ${(error as Error).message}`, error);
  } finally {
    fs.rmSync(beside, { force: true });
  }
  note(work, `wrote ${target}`);
}
