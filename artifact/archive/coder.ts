import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import zlib from 'node:zlib';
import { ArtifactError } from '../failure.ts';

/** How an archive is compressed. */
export type Compression = 'zstd' | 'gzip';

/** Bytes go in, and come out compressed or the other way round. */
export interface Coder {
  /** Gives it bytes, which are its own until this ends. Fails where the coder did, and where it has come to an end. */
  write(bytes: Buffer): Promise<void>;
  /** No more bytes will come. */
  finish(): void;
  output: Readable;
  /** Ends once the coder is done; fails where it failed. */
  done: Promise<void>;
  /** Lets it go, whatever it is doing. */
  end(): void;
}

/** A coder came to the end of what it reads, and more bytes came. */
export class EndedEarly extends Error {}

/** How much a coder takes and gives at once: each exchange with its thread costs time, less than this costs memory. */
export const chunkBytes: number = 2 * 1024 * 1024;

/** The levels that are best for artifacts, by measurement: see bench/README.md. */
export const defaultLevel: Record<Compression, number> = { zstd: 3, gzip: 6 };

/** The largest window that is read: a decoder needs so much memory. */
const windowBits = 27;

/**
 * Compresses on a thread of Node's. The bytes that come out hang on the bytes that go in and on the sizes of the pieces
 * alone, and the last piece must be taken in before the end is told: an end that comes with it gives others.
 *
 * Several threads for one archive (`nbWorkers`) are not to be had: Node's stream takes an encoder that waits for its
 * workers for one that is done, and cuts the output off.
 *
 * Throws `invalid` for zstd where neither Node nor a command has it.
 */
export function compressor(compression: Compression, level: number = defaultLevel[compression]): Coder {
  if (compression === 'gzip') return transform(zlib.createGzip({ level, chunkSize: chunkBytes }));
  if (!hasZstd()) return command(['-c', '-q', `-${level}`, '-T1', '--check']);
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag } = zlib.constants;
  const params = { [ZSTD_c_compressionLevel]: level, [ZSTD_c_checksumFlag]: 1 };
  return transform(zlib.createZstdCompress({ chunkSize: chunkBytes, params }));
}

/** The other way round. It fails (in `done` and in its output) where the bytes are not whole. */
export function decompressor(compression: Compression): Coder {
  if (compression === 'gzip') return transform(zlib.createGunzip({ chunkSize: chunkBytes }));
  if (!hasZstd()) return command(['-d', '-c', '-q', `--long=${windowBits}`]);
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: windowBits };
  return transform(zlib.createZstdDecompress({ chunkSize: chunkBytes, params }));
}

/** Whether this Node has zstd of its own: from 22.15 on. */
function hasZstd(): boolean {
  return typeof zlib.createZstdCompress === 'function';
}

function transform(stream: zlib.Gzip | zlib.Gunzip | zlib.ZstdCompress | zlib.ZstdDecompress): Coder {
  const done = finished(stream, { writable: false });
  return coder(stream, stream, done, () => stream.destroy());
}

/** The `zstd` command, for a Node that has none of its own. */
function command(args: readonly string[]): Coder {
  const child = spawn('zstd', args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told = (told + text).slice(-1000);
  });
  // Who writes to a command that has gone is told by `done`, which knows why.
  child.stdin.on('error', () => {});
  const done = new Promise<void>((resolve, reject) => {
    child.on('error', (error) => reject(noZstd(error)));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`zstd ended with ${code}: ${told.trim()}`)),
    );
  });
  return coder(child.stdin, child.stdout, done, () => {
    child.kill('SIGKILL');
    for (const stream of child.stdio) stream?.destroy();
  });
}

function coder(input: Writable, output: Readable, done: Promise<void>, end: () => void): Coder {
  let ended: unknown;
  // Streams that fail forget who waits for them to take something in.
  let tell: (reason: unknown) => void = () => {};
  const settle = (reason: unknown) => {
    ended = reason;
    tell(reason);
  };
  done.then(() => settle(new EndedEarly('the coder has come to its end')), settle);
  const write = (bytes: Buffer) =>
    new Promise<void>((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      tell = reject;
      input.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  return { write, finish: () => input.end(), output, done, end };
}

function noZstd(cause: NodeJS.ErrnoException): unknown {
  if (cause.code !== 'ENOENT') return cause;
  return new ArtifactError(
    'invalid',
    `Node ${process.versions.node} cannot read or write zstd: run strata with Node 22.15 or newer, or install the command ` +
      '`zstd`, or ask for `compression: gzip`',
    cause,
  );
}
