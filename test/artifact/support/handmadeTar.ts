/** One entry of an archive that is made by hand: as wrong as a test wants it. Bytes are characters up to U+00FF. */
export interface HandmadeEntry {
  name?: string;
  /** The one character for its kind; a file's when left out. */
  type?: string;
  content?: string | Buffer;
  /** What the header says, where that is not the content's length. */
  size?: number;
  target?: string;
  mode?: number;
  prefix?: string;
  magic?: string;
}

/** The end of an archive. */
export const tarEnd: Buffer = Buffer.alloc(1024);

/** An archive with these entries and its end. */
export function handmadeTar(...entries: HandmadeEntry[]): Buffer {
  return Buffer.concat([...entries.map(entryBytes), tarEnd]);
}

/** A header, its content and what fills up the last block. */
export function entryBytes(entry: HandmadeEntry): Buffer {
  const { name = '', type = '0', content = '', target = '', mode = 0o644, prefix = '' } = entry;
  const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
  const block = Buffer.alloc(512);
  block.write(name, 0, 100, 'latin1');
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(entry.size ?? bytes.length, 11), 124);
  block.write(octal(1_700_000_000, 11), 136);
  block.write(' '.repeat(8), 148);
  block.write(type, 156, 'latin1');
  block.write(target, 157, 100, 'latin1');
  block.write(entry.magic ?? 'ustar\u000000', 257);
  block.write(prefix, 345, 155, 'latin1');
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0`,
    148,
  );
  return Buffer.concat([block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

/** An extended header of the entry that follows; `g` instead of `x` for all of them. */
export function pax(records: [string, string][], type = 'x'): HandmadeEntry {
  return { name: 'PaxHeader', type, content: records.map(([key, value]) => record(key, value)).join('') };
}

/** GNU's way to tell a long name (`L`) or target (`K`). */
export function gnuLong(type: 'L' | 'K', value: string): HandmadeEntry {
  return { name: '././@LongLink', type, content: `${value}\0`, magic: 'ustar  \0' };
}

function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return `${length}${rest}`;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}
