import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { type Compression, hasZstd } from './compression.ts';
import { runZstd } from './zstdCommand.ts';

/**
 * An archive is cut into pieces of so many bytes, each compressed for itself: tools read what is compressed in several
 * pieces as one, and several threads can work on it. The size is part of what makes the bytes the same everywhere, as is that
 * each piece is given at once: an encoder that does not know where its input ends gives others.
 *
 * The encoder's own threads (`nbWorkers`) are not to be had: Node's stream takes an encoder that waits for its workers
 * for one that is done, and cuts the output off.
 */
export const pieceBytes: number = 4 * 1024 * 1024;

/** The levels that are best for artifacts, by measurement: see bench/README.md. */
export const defaultLevel: Record<Compression, number> = { zstd: 3, gzip: 6 };

/** Each takes memory, and from three on the disk is the slower one. */
const mostThreads = 2;

/** How many pieces are on their way at once: one more than are worked on, which is read meanwhile. */
export function piecesAtOnce(): number {
  return Math.min(mostThreads, availableParallelism()) + 1;
}

/**
 * Compresses pieces on threads; gives what comes out in their order. A piece is let go once another `piecesAtOnce()` are
 * asked for. Throws `invalid` for zstd where neither Node nor a command has it.
 */
export async function* compressed(
  pieces: Iterable<Buffer>,
  compression: Compression,
  level: number = defaultLevel[compression],
): AsyncGenerator<Buffer> {
  const compress = compression === 'gzip' ? gzipMember : hasZstd() ? zstdFrame : zstdFrameByCommand;
  const atOnce = piecesAtOnce();
  const waiting: Promise<Buffer>[] = [];
  for (const piece of pieces) {
    const one = compress(piece, level);
    // Who stops waiting for it does not want to hear of it.
    one.catch(() => {});
    waiting.push(one);
    if (waiting.length < atOnce) continue;
    yield (await waiting.shift()) as Buffer;
  }
  for (const one of waiting) yield await one;
}

/** So that what comes of a piece is one buffer, also of one that cannot be compressed. */
const chunkSize = pieceBytes + 64 * 1024;

/**
 * Gives a buffer's memory back at once, where it can be: the garbage collector lets many of them pile up. Nobody may use the
 * buffer afterwards.
 */
export function letGo({ buffer }: Buffer): void {
  // A small buffer shares its memory with others.
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength >= chunkSize;
  // From Node 21 on.
  if (isWhole && 'transfer' in buffer && typeof buffer.transfer === 'function') buffer.transfer(0);
}

function zstdFrame(piece: Buffer, level: number): Promise<Buffer> {
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag } = zlib.constants;
  const params = { [ZSTD_c_compressionLevel]: level, [ZSTD_c_checksumFlag]: 1 };
  return promisify(zlib.zstdCompress)(piece, { chunkSize, params, pledgedSrcSize: piece.length });
}

function zstdFrameByCommand(piece: Buffer, level: number): Promise<Buffer> {
  return runZstd(['-c', '-q', `-${level}`, '--check', `--stream-size=${piece.length}`], piece);
}

/** Where gzip names the operating system, and its word for an unknown one. */
const systemAt = 9;
const unknownSystem = 255;

async function gzipMember(piece: Buffer, level: number): Promise<Buffer> {
  const member = await gzip(piece, { level, chunkSize });
  member[systemAt] = unknownSystem;
  return member;
}

const gzip: (piece: Buffer, options: zlib.ZlibOptions) => Promise<Buffer> = promisify(zlib.gzip);
