import { fail, refuse } from './failure.ts';

const escapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const escaped =
  /\\(?:([\n\\'"abfnrtv])|([0-7]{1,3})|x([\s\S]{0,2})|u([\s\S]{0,4})|U([\s\S]{0,8})|(N)|([\s\S]))/gu;

/** What a quoted text stands for, as Jinja2 reads it: newlines as `\n`, escapes as in Python. */
export function unquote(quoted: string): string {
  const text = quoted.slice(1, -1).replace(/\r\n?/g, '\n');
  if (!text.includes('\\')) return text;
  return text.replace(escaped, readEscape);
}

function spelt(letter: string): string {
  const code = letter.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return `x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `u${digits.padStart(4, '0')}` : `U${digits.padStart(8, '0')}`;
}

type Groups = [
  short?: string,
  octal?: string,
  x?: string,
  u?: string,
  U?: string,
  N?: string,
  other?: string,
];

function readEscape(whole: string, ...[short, octal, x, u, U, N, other]: Groups): string {
  if (short !== undefined) return escapes[short] ?? '';
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
  if (x !== undefined) return letter(whole, x, 2);
  if (u !== undefined) return letter(whole, u, 4);
  if (U !== undefined) return letter(whole, U, 8);
  if (N !== undefined) refuse('letters', '\\N{…}', 'Write the letter itself.');
  // Jinja2 spells letters beyond ASCII out before it reads escapes, and the backslash then stands for itself.
  return `\\${other !== undefined && other > '\x7f' ? spelt(other) : (other ?? '')}`;
}

function letter(whole: string, digits: string, length: number): string {
  if (digits.length < length || !/^[\da-f]+$/i.test(digits)) fail(`truncated escape ${whole}`);
  const code = Number.parseInt(digits, 16);
  if (code > 0x10ffff) fail(`illegal Unicode character ${whole}`);
  if (code >= 0xd800 && code < 0xe000) refuse('letters', whole, 'Write the letter itself.');
  return String.fromCodePoint(code);
}
