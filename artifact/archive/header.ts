import { type ByteName, isAscii } from './names.ts';

/** Tar is made of blocks of so many bytes. */
export const blockBytes = 512;

/** What the archive says of one file, folder or link. */
export interface TarEntry {
  /** From the archive's one folder on, without `/` at its end. */
  name: ByteName;
  kind: 'file' | 'folder' | 'link';
  /** In bytes; 0 for all but files. */
  size: number;
  isExecutable: boolean;
  /** A link's target. */
  target?: ByteName;
}

/** The largest size that fits in the eleven octal digits of a header. */
const mostOctal = 0o77777777777;

const fileType = { file: '0', folder: '5', link: '2', extended: 'x' } as const;

/**
 * The header of an entry: one block, or three and more where the name, the target or the size needs an extended header (PAX).
 * It says the same wherever and by whomever it is made.
 * @param mtime in seconds since 1970
 */
export function entryHeader(entry: TarEntry, mtime: number): Buffer {
  const name = entry.kind === 'folder' ? `${entry.name}/` : entry.name;
  const records = extendedRecords(name, entry);
  const mode = entry.kind === 'file' && !entry.isExecutable ? 0o644 : entry.kind === 'link' ? 0o777 : 0o755;
  const own = headerBlock({ name, mode, size: entry.size, mtime, type: entry.kind, target: entry.target });
  if (records.length === 0) return own;
  // Who reads an archive skips this one's name; others put the process's number into it.
  const extended = { name: 'PaxHeader', mode: 0o644, size: records.length, mtime, type: 'extended' } as const;
  return Buffer.concat([headerBlock(extended), records, Buffer.alloc(padding(records.length)), own]);
}

/** How many zero bytes follow so many bytes of a file. */
export function padding(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

/** What does not fit in a plain header; names that are no ASCII go there too, as old readers differ on what they mean. */
function extendedRecords(name: ByteName, { target = '', size }: TarEntry): Buffer {
  const long: [string, string][] = [];
  if (name.length > 100 || !isAscii(name)) long.push(['path', name]);
  if (target.length > 100 || !isAscii(target)) long.push(['linkpath', target]);
  if (size > mostOctal) long.push(['size', String(size)]);
  // The standard's word for values that are bytes and no text.
  if (long.some(([, value]) => !isUtf8(value))) long.unshift(['hdrcharset', 'BINARY']);
  return Buffer.from(long.map(([key, value]) => record(key, value)).join(''), 'latin1');
}

function isUtf8(value: ByteName): boolean {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.from(bytes.toString('utf8')).equals(bytes);
}

/** A record begins with its own length, these digits included. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

interface Fields {
  name: ByteName;
  mode: number;
  size: number;
  mtime: number;
  type: keyof typeof fileType;
  target?: ByteName | undefined;
}

function headerBlock({ name, mode, size, mtime, type, target = '' }: Fields): Buffer {
  const fields = [
    field(name, 100),
    ...[octal(mode, 8), octal(0, 8), octal(0, 8)],
    ...[octal(size > mostOctal ? 0 : size, 12), octal(mtime, 12)],
    emptySum,
    fileType[type],
    field(target, 100),
    'ustar\u000000',
    ...[field('root', 32), field('root', 32)],
    ...[octal(0, 8), octal(0, 8)],
  ];
  const block = Buffer.from(field(fields.join(''), blockBytes), 'latin1');
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${octal(sum, 7)} `, sumAt, 'latin1');
  return block;
}

/** Where the sum of a header's bytes stands, and what stands there while they are summed up. */
const sumAt = 148;
const emptySum = ' '.repeat(8);

function field(value: string, width: number): string {
  return value.slice(0, width).padEnd(width, '\0');
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}
