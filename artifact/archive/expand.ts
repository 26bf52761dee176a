import type { Readable } from 'node:stream';
import { ArtifactError } from '../failure.ts';
import { type Coder, type Compression, decompressor, EndedEarly } from './coder.ts';
import type { UnpackLimits } from './limits.ts';
import { refusal } from './tarFields.ts';

/** How many bytes have come, and have come out. */
export interface Tally {
  archiveBytes: number;
  expandedBytes: number;
}

/** From so many bytes on, the ratio is looked at: a small file of zeros is no bomb. */
const ratioFrom = 64 * 1024 * 1024;

/**
 * An archive's bytes as they were before they were compressed. Throws `refused` for more than the limits, for bytes that are broken
 * or cut short, and for anything behind their end.
 * @param tally is kept up to date
 */
export async function* expandedBytes(
  source: Readable,
  limits: UnpackLimits,
  tally: Tally,
): AsyncGenerator<Buffer> {
  const pieces = counted(source, limits, tally);
  const first = await beginning(pieces);
  const compression = compressionOf(first);
  const all = compression === undefined ? rejoined(first, pieces) : decompressed(compression, first, pieces);
  for await (const bytes of all) {
    tally.expandedBytes += bytes.length;
    checkSize(limits, tally);
    yield bytes;
  }
}

function checkSize(limits: UnpackLimits, { archiveBytes, expandedBytes }: Tally): void {
  if (expandedBytes > limits.expandedBytes) {
    throw refusal(`it expands to more than ${limits.expandedBytes} bytes`);
  }
  if (expandedBytes > ratioFrom && expandedBytes > limits.ratio * archiveBytes) {
    throw refusal(`it expands to more than ${limits.ratio} times its size`);
  }
}

async function* counted(source: Readable, limits: UnpackLimits, tally: Tally): AsyncGenerator<Buffer> {
  try {
    for await (const piece of source) {
      tally.archiveBytes += piece.length;
      if (tally.archiveBytes > limits.archiveBytes) {
        throw refusal(`it has more than ${limits.archiveBytes} bytes`);
      }
      yield piece;
    }
  } catch (error) {
    if (error instanceof ArtifactError) throw error;
    throw new ArtifactError(
      'unavailable',
      `the archive could not be read: ${(error as Error).message}`,
      error,
    );
  }
}

const magics: Record<Compression, Buffer> = {
  zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  gzip: Buffer.from([0x1f, 0x8b]),
};

const longestMagic = 4;

/** Enough of the first bytes to tell what they are. */
async function beginning(pieces: AsyncGenerator<Buffer>): Promise<Buffer> {
  let first = Buffer.alloc(0);
  while (first.length < longestMagic) {
    const { value, done } = await pieces.next();
    if (done) return first;
    first = Buffer.concat([first, value]);
  }
  return first;
}

function compressionOf(first: Buffer): Compression | undefined {
  const [found] =
    Object.entries(magics).find(([, magic]) => magic.equals(first.subarray(0, magic.length))) ?? [];
  return found as Compression | undefined;
}

async function* rejoined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function* decompressed(
  compression: Compression,
  first: Buffer,
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  const coder = decompressor(compression);
  let fault: unknown;
  const feeding = feed(coder, rejoined(first, rest)).catch((error: unknown) => {
    fault = error;
    coder.end();
  });
  try {
    for await (const bytes of coder.output) yield bytes;
    await feeding;
    if (fault !== undefined) throw fault;
    await coder.done;
  } catch (error) {
    throw decodingFailure(fault ?? error);
  } finally {
    coder.end();
  }
}

async function feed(coder: Coder, pieces: AsyncGenerator<Buffer>): Promise<void> {
  for await (const piece of pieces) await coder.write(piece);
  coder.finish();
}

function decodingFailure(error: unknown): unknown {
  if (error instanceof ArtifactError) return error;
  if (error instanceof EndedEarly) return refusal('something follows its end');
  return refusal(`it is damaged or cut short (${(error as Error).message}): fetch or build it again`);
}
