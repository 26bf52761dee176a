import { refusal } from './tarFields.ts';

/** Bytes of a frame, in their order; `isLast` with its last ones. */
export interface FramePart {
  bytes: Buffer;
  isLast: boolean;
}

/** How far a frame has been read. */
interface Splitting {
  /** What the next bytes are: the first ones of a frame, those before a block, or the content of either. */
  state: 'start' | 'block' | 'content';
  /** How many bytes of content are to come. */
  left: number;
  /** Whether the frame ends behind this content. */
  isEnd: boolean;
  /** Whether the frame is one to be skipped: tools put notes into such. */
  isSkipped: boolean;
  hasChecksum: boolean;
}

const magic = 0xfd2fb528;
const firstSkipped = 0x184d2a50;
const startBytes = 8;
const blockHeadBytes = 3;
const checksumBytes = 4;

/**
 * Cuts zstd into its frames (RFC 8878) without decoding it: Node's decoder takes the first frame for all there is, and one
 * that is cut short for whole. Frames that are to be skipped are. Throws `refused` for what is no frame, and where the last
 * one is cut short.
 */
export async function* zstdFrames(pieces: AsyncIterable<Buffer>): AsyncGenerator<FramePart> {
  const splitting: Splitting = {
    state: 'start',
    left: 0,
    isEnd: false,
    isSkipped: false,
    hasChecksum: false,
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    rest = yield* cut(splitting, rest.length === 0 ? piece : Buffer.concat([rest, piece]));
  }
  if (splitting.state !== 'start' || rest.length > 0)
    throw refusal('it is cut short: fetch or build it again');
}

/** Gives what belongs to frames; returns the bytes at the end that say nothing without those after them. */
function* cut(splitting: Splitting, piece: Buffer): Generator<FramePart, Buffer> {
  let from = 0;
  let at = 0;
  for (;;) {
    const taken = step(splitting, piece, at);
    if (taken === undefined) break;
    at += taken;
    if (splitting.state !== 'start') continue;
    if (!splitting.isSkipped) yield { bytes: piece.subarray(from, at), isLast: true };
    from = at;
  }
  const isInFrame = splitting.state !== 'start' && !splitting.isSkipped;
  if (isInFrame && at > from) yield { bytes: piece.subarray(from, at), isLast: false };
  return piece.subarray(at);
}

/** Goes on by one head or one content; nothing where not enough bytes are there. */
function step(splitting: Splitting, piece: Buffer, at: number): number | undefined {
  const there = piece.length - at;
  if (splitting.state === 'start') return there < startBytes ? undefined : readStart(splitting, piece, at);
  if (splitting.state === 'block')
    return there < blockHeadBytes ? undefined : readBlockHead(splitting, piece, at);
  if (there === 0 && splitting.left > 0) return undefined;
  const taken = Math.min(splitting.left, there);
  splitting.left -= taken;
  if (splitting.left === 0) splitting.state = splitting.isEnd ? 'start' : 'block';
  return taken;
}

/** The shortest frame has nine bytes, so that these eight are always there. */
function readStart(splitting: Splitting, piece: Buffer, at: number): number {
  const first = piece.readUInt32LE(at);
  splitting.state = 'content';
  splitting.isSkipped = (first & 0xfffffff0) >>> 0 === firstSkipped;
  splitting.isEnd = splitting.isSkipped;
  if (splitting.isSkipped) {
    splitting.left = piece.readUInt32LE(at + 4);
    return startBytes;
  }
  if (first !== magic) throw refusal('something follows its end');
  const descriptor = piece[at + 4] ?? 0;
  splitting.hasChecksum = (descriptor & 4) !== 0;
  splitting.left = headerBytes(descriptor);
  return 5;
}

/** How many bytes of a frame's header follow the descriptor: window, dictionary, content's size. */
function headerBytes(descriptor: number): number {
  const isSingle = (descriptor & 32) !== 0;
  const sizeFlag = descriptor >> 6;
  const size = sizeFlag === 0 ? Number(isSingle) : 2 ** sizeFlag;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  return (isSingle ? 0 : 1) + dictionary + size;
}

/** How many bytes a frame that begins so has when it is decoded; nothing where it does not say. */
export function contentBytes(frame: Buffer): number | undefined {
  const descriptor = frame[4] ?? 0;
  const end = 5 + headerBytes(descriptor);
  if (frame.length < end) return undefined;
  const isSingle = (descriptor & 32) !== 0;
  switch (descriptor >> 6) {
    case 0:
      return isSingle ? frame.readUInt8(end - 1) : undefined;
    case 1:
      return frame.readUInt16LE(end - 2) + 256;
    case 2:
      return frame.readUInt32LE(end - 4);
    default:
      return Number(frame.readBigUInt64LE(end - 8));
  }
}

function readBlockHead(splitting: Splitting, piece: Buffer, at: number): number {
  const head = piece.readUIntLE(at, blockHeadBytes);
  const kind = (head >> 1) & 3;
  if (kind === 3) throw refusal('it is damaged: fetch or build it again');
  splitting.isEnd = (head & 1) !== 0;
  // One byte stands for all of a block of equal bytes.
  const size = kind === 1 ? 1 : head >> 3;
  splitting.left = size + (splitting.isEnd && splitting.hasChecksum ? checksumBytes : 0);
  splitting.state = 'content';
  return blockHeadBytes;
}
