import { blockBytes, padding } from './header.ts';
import type { UnpackLimits } from './limits.ts';
import { type ByteName, nameFault, shownName } from './names.ts';
import {
  type ExtendedFields,
  extendedFields,
  readFields,
  readRecords,
  refusal,
  type TarFields,
} from './tarFields.ts';

/** An entry of an archive, checked as far as that goes without the others. */
export interface ReadEntry {
  /** Without `.` and needless `/`; empty for the folder that is unpacked into. */
  name: ByteName;
  kind: 'file' | 'folder' | 'link' | 'hardLink';
  /** In bytes; 0 for all but files. */
  size: number;
  mode: number;
  /** In seconds since 1970. */
  mtime: number;
  /** Where a link leads, as it stands there. */
  target: ByteName;
}

/** Takes what a reader finds. */
export interface TarSink {
  entry(entry: ReadEntry): void;
  /** The next bytes of the file that was told last; they may be overwritten afterwards. */
  data(bytes: Buffer): void;
  /** All of the file has come. */
  fileEnd(): void;
}

/** Takes an archive apart as its bytes come. */
export interface TarReader {
  /** Throws `refused` for an archive that breaks the rules. */
  feed(bytes: Buffer): void;
  /** All bytes have come: throws `refused` where the archive does not end here. */
  end(): void;
}

interface Reading {
  sink: TarSink;
  limits: UnpackLimits;
  /** What comes next: a header, bytes of a file or an extended header, what fills up its last block, or nothing. */
  state: 'header' | 'file' | 'extended' | 'padding' | 'ended';
  /** How many bytes of that are still to come, and then of its padding. */
  left: number;
  filler: number;
  /** What came of a header or an extended header whose rest is still to come. */
  held: Buffer[];
  heldBytes: number;
  /** The kind of the extended header that is being read, and those that stand before the next entry. */
  extendedType: string;
  types: string;
  extended: ExtendedFields;
  entries: number;
}

/** Reads a tar: POSIX (with extended headers), GNU and the oldest one. */
export function tarReader(sink: TarSink, limits: UnpackLimits): TarReader {
  const reading: Reading = {
    ...{ sink, limits, state: 'header', left: 0, filler: 0, held: [], heldBytes: 0 },
    ...{ extendedType: '', types: '', extended: {}, entries: 0 },
  };
  return {
    feed(bytes) {
      for (let at = 0; at < bytes.length; ) at += step(reading, bytes, at);
    },
    end() {
      if (reading.state !== 'ended') throw refusal('it is cut short: fetch or build it again');
    },
  };
}

/** Takes the next piece; returns how many bytes that were. */
function step(reading: Reading, bytes: Buffer, from: number): number {
  const { state, left } = reading;
  if (state === 'header' || state === 'extended') return gather(reading, bytes, from);
  const part = bytes.subarray(from, state === 'ended' ? bytes.length : from + left);
  if (state === 'ended') checkNothing(part);
  else reading.left -= part.length;
  if (state === 'file') {
    reading.sink.data(part);
    if (reading.left === 0) endBody(reading, part);
  } else if (state === 'padding' && reading.left === 0) reading.state = 'header';
  return part.length;
}

/** Archives are filled up with zeros; a second archive behind the first is read by some and not by others. */
function checkNothing(bytes: Buffer): void {
  if (bytes.some((byte) => byte !== 0)) throw refusal('something follows its end');
}

/** Headers are needed whole. */
function gather(reading: Reading, bytes: Buffer, from: number): number {
  const size = reading.state === 'header' ? blockBytes : reading.left;
  const taken = Math.min(size - reading.heldBytes, bytes.length - from);
  const part = bytes.subarray(from, from + taken);
  const isWhole = reading.heldBytes + taken === size;
  const whole = isWhole && reading.held.length > 0 ? Buffer.concat([...reading.held, part]) : part;
  reading.held = isWhole ? [] : [...reading.held, Buffer.from(part)];
  reading.heldBytes = isWhole ? 0 : reading.heldBytes + taken;
  if (isWhole && reading.state === 'header') header(reading, whole);
  else if (isWhole) endBody(reading, whole);
  return taken;
}

function header(reading: Reading, block: Buffer): void {
  const fields = readFields(block);
  if (fields === undefined) {
    if (reading.types !== '') throw refusal('it ends where an entry should follow');
    reading.state = 'ended';
    return;
  }
  if (++reading.entries > reading.limits.entries) {
    throw refusal(`it has more than ${reading.limits.entries} entries`);
  }
  if (extendedTypes.includes(fields.type)) beginExtended(reading, fields);
  else beginEntry(reading, fields);
}

/** Extended headers (of one entry, of all), and GNU's ways to tell a long name and a long target. */
const extendedTypes = ['x', 'g', 'L', 'K'];

/** An extended header may have so many bytes beside a path and a target. */
const moreExtended = 64 * 1024;

function beginExtended(reading: Reading, { type, size }: TarFields): void {
  if (reading.types.includes(type)) throw refusal('two extended headers of one kind stand before one entry');
  const most = 2 * reading.limits.pathBytes + moreExtended;
  if (size > most) throw refusal(`an extended header has more than ${most} bytes`);
  reading.extendedType = type;
  begin(reading, 'extended', size);
}

function beginEntry(reading: Reading, fields: TarFields): void {
  const entry = readEntry(fields, reading.extended, reading.limits);
  reading.extended = {};
  reading.types = '';
  reading.sink.entry(entry);
  if (entry.kind === 'file') begin(reading, 'file', entry.size);
}

function begin(reading: Reading, state: 'file' | 'extended', size: number): void {
  reading.state = state;
  reading.left = size;
  reading.filler = padding(size);
  if (size === 0) endBody(reading, Buffer.alloc(0));
}

function endBody(reading: Reading, bytes: Buffer): void {
  if (reading.state === 'file') reading.sink.fileEnd();
  else endExtended(reading, bytes);
  reading.left = reading.filler;
  reading.state = reading.filler === 0 ? 'header' : 'padding';
}

function endExtended(reading: Reading, bytes: Buffer): void {
  if (reading.extendedType === 'g') checkGlobal(readRecords(bytes));
  else takeExtended(reading, bytes);
}

function takeExtended(reading: Reading, bytes: Buffer): void {
  const { extendedType: type, extended } = reading;
  const found = type === 'x' ? extendedFields(readRecords(bytes)) : longField(type, bytes);
  for (const key of ['path', 'linkpath'] as const) {
    if (found[key] !== undefined && extended[key] !== undefined) {
      throw refusal('two extended headers name one entry');
    }
  }
  reading.types += type;
  reading.extended = { ...extended, ...found };
}

/** A global header may only say what concerns nobody: `git archive` puts its commit there. */
function checkGlobal(records: ReadonlyMap<string, string>): void {
  const { path, linkpath, size } = extendedFields(records);
  if (path !== undefined || linkpath !== undefined || size !== undefined) {
    throw refusal('a global header names all entries alike');
  }
}

function longField(type: string, bytes: Buffer): ExtendedFields {
  const value = bytes.toString('latin1').replace(/\0$/, '');
  return type === 'L' ? { path: value } : { linkpath: value };
}

const kinds: Record<string, ReadEntry['kind']> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hardLink',
  '2': 'link',
  '5': 'folder',
  // "Contiguous": a file like others.
  '7': 'file',
};

const refusedKinds: Record<string, string> = {
  '3': 'a device',
  '4': 'a device',
  '6': 'a FIFO',
  S: 'a file with holes (sparse)',
};

function readEntry(fields: TarFields, extended: ExtendedFields, limits: UnpackLimits): ReadEntry {
  const given = extended.path ?? fields.name;
  const target = extended.linkpath ?? fields.target;
  const shown = shownName(given.length > 200 ? `${given.slice(0, 200)}...` : given);
  if (Math.max(given.length, target.length) > limits.pathBytes) {
    throw refusal(`the path or the target of ${shown} has more than ${limits.pathBytes} bytes`);
  }
  const kind = fields.type === '\0' && given.endsWith('/') ? 'folder' : kinds[fields.type];
  if (kind === undefined) {
    const what = refusedKinds[fields.type] ?? `of an unknown kind (${JSON.stringify(fields.type)})`;
    throw refusal(`${shown} is ${what}`);
  }
  const size = extended.size ?? fields.size;
  if (size < 0 || (size > 0 && kind !== 'file')) throw refusal(`${shown} has a size that it cannot have`);
  const name = plainName(given, kind, shown);
  return { name, kind, size, mode: fields.mode, mtime: extended.mtime ?? fields.mtime, target };
}

/** Many ways to write one path become one, so that what is there twice is seen. */
function plainName(given: ByteName, kind: ReadEntry['kind'], shown: string): ByteName {
  const name = given
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
  if (name === '' && kind === 'folder' && given.startsWith('.')) return '';
  const fault = nameFault(given.startsWith('/') ? given : name);
  if (fault !== undefined) throw refusal(`${shown}: ${fault}`);
  return name;
}
