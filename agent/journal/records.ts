import type { FileHandle } from 'node:fs/promises';
import type { DeploymentEvent } from '../../protocol/deploymentEvents.ts';
import { readRecord } from './record.ts';

/** What was read of a file at once. */
export interface Records {
  /** With the offsets that their lines begin at. */
  events: { event: DeploymentEvent; offset: number }[];
  /** Behind the last line that is whole, right or wrong. */
  end: number;
  /** Behind the last line that is right; where reading began if there was none. */
  rightEnd: number;
  /** The lines behind that, which are not as they were written. */
  wrongAtEnd: number;
}

const pieceBytes = 64 * 1024;
const lineBreak = 10;

/**
 * The records of a part of a file: at least one line, unless the rest is none. Lines that are not as they were written are
 * left out.
 */
export async function readRecords(handle: FileHandle, from: number, to: number): Promise<Records> {
  for (let most = pieceBytes; ; most *= 2) {
    const bytes = await readBytes(handle, from, Math.min(most, to - from));
    const end = bytes.lastIndexOf(lineBreak) + 1;
    if (end > 0 || bytes.length < most) return parse(bytes.subarray(0, end), from);
  }
}

async function readBytes(handle: FileHandle, from: number, count: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(count);
  let filled = 0;
  while (filled < count) {
    const { bytesRead } = await handle.read(bytes, filled, count - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function parse(lines: Buffer, from: number): Records {
  const records: Records = { events: [], end: from + lines.length, rightEnd: from, wrongAtEnd: 0 };
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf(lineBreak, start);
    const event = readRecord(lines.subarray(start, end));
    if (event === undefined) records.wrongAtEnd++;
    else {
      records.wrongAtEnd = 0;
      records.events.push({ event, offset: from + start });
      records.rightEnd = from + end + 1;
    }
    start = end + 1;
  }
  return records;
}
