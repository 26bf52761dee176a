import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { ArtifactError } from '../failure.ts';
import { type Compression, hasZstd } from './compression.ts';
import { refusal } from './tarFields.ts';
import { startZstd } from './zstdCommand.ts';
import { contentBytes, type FramePart, zstdFrames } from './zstdFrames.ts';

/** A decoder that bytes go into, and that gives others. */
interface Decoder {
  input: Writable;
  output: Readable;
  /** Ends once it is done; fails where it failed. */
  done: Promise<void>;
  /** Lets it go, whatever it is doing. */
  end(): void;
}

/** More bytes came than the decoder reads. */
class EndedEarly extends Error {}

/** What a decoder gives at once: each exchange with its thread costs time. */
const chunkSize = 1024 * 1024;
const sizes = { chunkSize, readableHighWaterMark: 4 * chunkSize };

/** The largest window that is read: a decoder needs so much memory. */
const windowBits = 27;

/**
 * The bytes behind compressed ones. Throws `refused` where these are damaged, cut short or followed by others, `invalid` for zstd
 * where neither Node nor a command has it.
 */
export async function* decompressed(
  compression: Compression,
  pieces: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
  if (compression === 'gzip') yield* decoded(ofNode(zlib.createGunzip(sizes)), pieces);
  else if (!hasZstd()) yield* decoded(byCommand(), pieces);
  else yield* decodedFrames(pieces);
}

/** Small frames are decoded whole, and so many at once; others as they come. */
const framesAtOnce = 3;
const smallBytes = 8 * 1024 * 1024;
const params = { [zlib.constants.ZSTD_d_windowLogMax]: windowBits };

async function* decodedFrames(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const parts = zstdFrames(pieces);
  const waiting: Promise<Buffer>[] = [];
  for (let part = await parts.next(); !part.done; part = await parts.next()) {
    const size = contentBytes(part.value.bytes);
    const frame = restOfFrame(part.value, parts);
    const isSmall = size !== undefined && size <= smallBytes;
    if (isSmall) waiting.push(decodedWhole(await gathered(frame), size));
    while (waiting.length >= (isSmall ? framesAtOnce : 1)) yield (await waiting.shift()) as Buffer;
    if (!isSmall) yield* decoded(ofNode(zlib.createZstdDecompress({ ...sizes, params })), frame);
  }
  for (const one of waiting) yield await one;
}

async function* restOfFrame(first: FramePart, parts: AsyncGenerator<FramePart>): AsyncGenerator<Buffer> {
  yield first.bytes;
  for (let { isLast } = first; !isLast; ) {
    const next = await parts.next();
    if (next.done) return;
    yield next.value.bytes;
    isLast = next.value.isLast;
  }
}

async function gathered(frame: AsyncIterable<Buffer>): Promise<Buffer> {
  const bytes: Buffer[] = [];
  let size = 0;
  for await (const some of frame) {
    bytes.push(some);
    size += some.length;
    // What cannot be compressed grows by a little.
    if (size > 2 * smallBytes) throw refusal('it is damaged: fetch or build it again');
  }
  return Buffer.concat(bytes);
}

function decodedWhole(frame: Buffer, size: number): Promise<Buffer> {
  const options = { chunkSize: size + 64, maxOutputLength: Math.max(size, 1), params };
  const decoding = promisify(zlib.zstdDecompress)(frame, options).catch((error: unknown) => {
    throw decodingFailure(error);
  });
  // Who stops waiting for it does not want to hear of it.
  decoding.catch(() => {});
  return decoding;
}

async function* decoded(decoder: Decoder, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let fault: unknown;
  const feeding = feed(decoder, pieces).catch((error: unknown) => {
    fault = error;
    decoder.end();
  });
  try {
    for await (const bytes of decoder.output) yield bytes;
    await feeding;
    if (fault !== undefined) throw fault;
    await decoder.done;
  } catch (error) {
    throw decodingFailure(fault ?? error);
  } finally {
    decoder.end();
  }
}

async function feed(decoder: Decoder, pieces: AsyncIterable<Buffer>): Promise<void> {
  const write = writerOf(decoder);
  for await (const piece of pieces) await write(piece);
  decoder.input.end();
}

/** Writes, and fails where the decoder does: a stream that fails forgets who waits for it to take something in. */
function writerOf({ input, done }: Decoder): (bytes: Buffer) => Promise<void> {
  let ended: unknown;
  let tell: (reason: unknown) => void = () => {};
  const settle = (reason: unknown) => {
    ended = reason;
    tell(reason);
  };
  done.then(() => settle(new EndedEarly('the decoder has come to its end')), settle);
  return (bytes) =>
    new Promise<void>((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      tell = reject;
      input.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
}

function decodingFailure(error: unknown): unknown {
  if (error instanceof ArtifactError) return error;
  if (error instanceof EndedEarly) return refusal('something follows its end');
  return refusal(`it is damaged or cut short (${(error as Error).message}): fetch or build it again`);
}

function ofNode(stream: zlib.Gunzip | zlib.ZstdDecompress): Decoder {
  const done = finished(stream, { writable: false });
  return { input: stream, output: stream, done, end: () => stream.destroy() };
}

function byCommand(): Decoder {
  const { child, done } = startZstd(['-d', '-c', '-q', `--long=${windowBits}`]);
  const end = () => {
    child.kill('SIGKILL');
    for (const stream of child.stdio) stream?.destroy();
  };
  done.catch(end);
  return { input: child.stdin, output: child.stdout, done, end };
}
