/** What of DER (X.690) a certificate needs, as bytes. */
export type Der = Buffer;

function tagged(tag: number, content: Uint8Array): Der {
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes = bytesOf(BigInt(length));
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function bytesOf(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

export function sequence(...parts: Der[]): Der {
  return tagged(0x30, Buffer.concat(parts));
}

export function set(...parts: Der[]): Der {
  return tagged(0x31, Buffer.concat(parts));
}

/** A whole number from 0 on. */
export function integer(value: bigint): Der {
  const bytes = bytesOf(value);
  // The first bit would be a sign.
  return tagged(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.from([0, ...bytes]) : bytes);
}

export function boolean(value: boolean): Der {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

export function octets(content: Uint8Array): Der {
  return tagged(0x04, content);
}

/** @param unused how many of the last bits do not count. */
export function bits(content: Uint8Array, unused = 0): Der {
  return tagged(0x03, Buffer.from([unused, ...content]));
}

export function text(value: string): Der {
  return tagged(0x0c, Buffer.from(value, 'utf8'));
}

/** A name like `1.2.840.10045.2.1`. */
export function objectIdentifier(dotted: string): Der {
  const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
  return tagged(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80);
  return digits;
}

/** Seconds count; years after 2049 are written in another form (RFC 5280, 4.1.2.5). */
export function time(at: Date): Der {
  const digits = at.toISOString().replace(/[-:T]|\.\d+/g, '');
  return at.getUTCFullYear() < 2050
    ? tagged(0x17, Buffer.from(digits.slice(2)))
    : tagged(0x18, Buffer.from(digits));
}

/** `[NUMBER]` around a whole value. */
export function explicit(number: number, content: Der): Der {
  return tagged(0xa0 | number, content);
}

/** `[NUMBER]` in place of the tag of plain bytes. */
export function implicit(number: number, content: Uint8Array): Der {
  return tagged(0x80 | number, content);
}
