import { ArtifactError } from '../failure.ts';
import { blockBytes } from './header.ts';
import type { ByteName } from './names.ts';

/** The fields of one header, as they stand there. */
export interface TarFields {
  name: ByteName;
  mode: number;
  size: number;
  /** In seconds since 1970. */
  mtime: number;
  /** One character: see `tarReader.ts`. */
  type: string;
  target: ByteName;
}

/** What an extended header (PAX) says, of the things that matter here. */
export interface ExtendedFields {
  path?: ByteName;
  linkpath?: ByteName;
  size?: number;
  mtime?: number;
}

/** The archive is not what it should be; `why` says how. */
export function refusal(why: string): ArtifactError {
  return new ArtifactError('refused', `the archive was refused: ${why}`);
}

const sumAt = 148;
const sumEnd = 156;

/** The fields of a header of 512 bytes; nothing for the empty block that ends an archive. Throws `refused`. */
export function readFields(block: Buffer): TarFields | undefined {
  let sum = 0;
  for (let at = 0; at < blockBytes; at++) sum += at >= sumAt && at < sumEnd ? 32 : (block[at] ?? 0);
  if (sum === 8 * 32 && block.every((byte) => byte === 0)) return undefined;
  if (sum !== number(block, sumAt, sumEnd)) {
    throw refusal('a header is damaged (or this is no tar archive): fetch or build it again');
  }
  const name = text(block, 0, 100);
  // GNU's own format has other things where the standard has the first part of a long name.
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? text(block, 345, 500) : '';
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: number(block, 100, 108),
    size: number(block, 124, 136),
    mtime: number(block, 136, 148),
    type: String.fromCharCode(block[156] ?? 0),
    target: text(block, 157, 257),
  };
}

function text(block: Buffer, start: number, end: number): ByteName {
  const stop = block.indexOf(0, start);
  return block.toString('latin1', start, stop === -1 || stop > end ? end : stop);
}

/** Octal digits; or, as GNU writes what is too large for them, bytes behind one with its first bit set. */
function number(block: Buffer, start: number, end: number): number {
  const first = block[start] ?? 0;
  if (first === 0x80 || first === 0xff) {
    let value = first === 0xff ? -1 : 0;
    for (let at = start + 1; at < end; at++) value = value * 256 + (block[at] ?? 0);
    if (Number.isSafeInteger(value)) return value;
    throw refusal('a header has a number that is too large');
  }
  const digits = /^ *([0-7]*)[ \0]*$/.exec(block.toString('latin1', start, end))?.[1];
  if (digits === undefined) throw refusal('a header has a number that is none');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

/**
 * The records of an extended header, each `LENGTH KEY=VALUE` and a line end. Throws `refused` where one is told twice or
 * is broken: readers that differ on what then holds are what attacks are made of.
 */
export function readRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  const all = bytes.toString('latin1');
  for (let at = 0; at < all.length; ) {
    const head = /^([1-9][0-9]{0,9}) ([^=\n]+)=/.exec(all.slice(at, at + 300));
    const [whole = '', length = '', key = ''] = head ?? [];
    const end = at + Number(length);
    const isSound = head !== null && end <= all.length && end > at + whole.length && all[end - 1] === '\n';
    if (!isSound) throw refusal('an extended header is damaged');
    if (records.has(key)) throw refusal(`an extended header says ${JSON.stringify(key)} twice`);
    records.set(key, all.slice(at + whole.length, end - 1));
    at = end;
  }
  return records;
}

/** What records say of the entry that follows them. Throws `refused` for a file with holes, which is not unpacked. */
export function extendedFields(records: ReadonlyMap<string, string>): ExtendedFields {
  for (const key of records.keys()) {
    if (key.startsWith('GNU.sparse.')) throw refusal('it has a file with holes (sparse): pack it without');
  }
  const fields: ExtendedFields = {};
  for (const key of ['path', 'linkpath'] as const) {
    const value = records.get(key);
    if (value !== undefined) fields[key] = value;
  }
  for (const key of ['size', 'mtime'] as const) {
    const value = records.get(key);
    if (value !== undefined) fields[key] = decimal(key, value);
  }
  return fields;
}

function decimal(key: 'size' | 'mtime', value: string): number {
  const pattern = key === 'size' ? /^[0-9]{1,16}$/ : /^-?[0-9]{1,13}(\.[0-9]*)?$/;
  const read = pattern.test(value) ? Math.floor(Number(value)) : Number.NaN;
  if (Number.isSafeInteger(read)) return read;
  throw refusal(`an extended header has a ${key} that is none`);
}
