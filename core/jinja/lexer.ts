import { raise, refuse } from './failure.ts';

/** A word, sign or stretch of text of a template. */
export interface Token {
  type: 'data' | 'begin' | 'end' | 'name' | 'string' | 'integer' | 'float' | 'sign' | 'eof';
  /** Of `begin` and `end`, `{{` or `{%`. */
  text: string;
  value?: bigint | number;
  at: number;
}

interface Scan {
  template: string;
  text: string;
  at: number;
  tokens: Token[];
}

const opening = /\{%[-+]?[WS]*raw[WS]*(?:-%\}[WS]*|%\})|\{[{%#][-+]?/;
const comment = /[-+]?#\}/;
const closing = { '{{': '-\\}\\}[WS]*|\\}\\}', '{%': '\\+%\\}|-%\\}[WS]*|%\\}' } as const;
const endOfRaw = /\{%([-+]?)[WS]*endraw[WS]*(?:\+%\}|-%\}[WS]*|%\})/;

/** What Python's `\s` and `isspace` take for blanks. */
export const blank = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

const patterns = {
  opening: compile(opening.source, 'g'),
  comment: compile(`${comment.source}`, 'g'),
  endOfRaw: compile(endOfRaw.source, 'g'),
  '{{': compile(closing['{{'], 'y'),
  '{%': compile(closing['{%'], 'y'),
  blanks: compile('[WS]+', 'y'),
  trailing: compile('[WS]+$', ''),
  float: compile(
    '(?<!\\.)(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?e[-+]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)',
    'iy',
  ),
  integer: compile('0b(?:_?[01])+|0o(?:_?[0-7])+|0x(?:_?[\\da-f])+|[1-9](?:_?\\d)*|0(?:_?0)*', 'iy'),
  name: compile('[A-Za-z0-9_]+', 'y'),
  string: compile(`'[^'\\\\]*(?:\\\\[\\s\\S][^'\\\\]*)*'|"[^"\\\\]*(?:\\\\[\\s\\S][^"\\\\]*)*"`, 'y'),
  sign: compile('\\/\\/|\\*\\*|[!=<>]=|[-+/*%~[\\](){}<>=.:|,;]', 'y'),
} as const;

function compile(source: string, flags: string): RegExp {
  return new RegExp(source.replaceAll('[WS]', `[${blank}]`), flags);
}

/** Splits a template as Jinja2 does; fails at what it cannot read. */
export function tokenize(template: string, text: string): Token[] {
  const scan: Scan = { template, text, at: 0, tokens: [] };
  while (scan.at < text.length) readStretch(scan);
  scan.tokens.push({ type: 'eof', text: '', at: text.length });
  return scan.tokens;
}

/** Reads plain text and the block behind it. */
function readStretch(scan: Scan): void {
  const { text, at } = scan;
  const found = search(patterns.opening, text, at);
  if (found === null) {
    pushData(scan, text.slice(at), text.length);
    return;
  }
  const mark = found[0];
  const sign = mark[2] ?? '';
  pushData(scan, stripped(text.slice(at, found.index), sign), found.index + mark.length);
  if (mark.length > 3) {
    readRaw(scan);
    return;
  }
  const begin = mark.slice(0, 2);
  if (begin === '{#') {
    readComment(scan);
    return;
  }
  scan.tokens.push({ type: 'begin', text: begin, at: found.index });
  readBlock(scan, begin === '{{' ? '{{' : '{%');
}

function stripped(data: string, sign: string): string {
  return sign === '-' ? trimEnd(data) : data;
}

/** Without the blanks at its end, as Python's `rstrip` takes them away. */
export function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

const blankUnit = new RegExp(`[${blank}]`);

export function isBlank(unit: string): boolean {
  return blankUnit.test(unit);
}

function pushData(scan: Scan, data: string, next: number): void {
  if (data !== '') scan.tokens.push({ type: 'data', text: data.replace(/\r\n?/g, '\n'), at: scan.at });
  scan.at = next;
}

function readRaw(scan: Scan): void {
  const found = search(patterns.endOfRaw, scan.text, scan.at);
  if (found === null) {
    syntax(scan, 'Missing end of raw directive');
    return;
  }
  const data = stripped(scan.text.slice(scan.at, found.index), found[1] ?? '');
  pushData(scan, data, found.index + found[0].length);
}

function readComment(scan: Scan): void {
  const found = search(patterns.comment, scan.text, scan.at);
  if (found === null) {
    syntax(scan, 'Missing end of comment tag');
    return;
  }
  scan.at = found.index + found[0].length;
  if (found[0].startsWith('-')) match(scan, patterns.blanks);
}

const pairs: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' };

function readBlock(scan: Scan, begin: '{{' | '{%'): void {
  const open: string[] = [];
  while (scan.at < scan.text.length) {
    const start = scan.at;
    const code = scan.text.charCodeAt(start);
    if (open.length === 0 && mayClose(code) && match(scan, patterns[begin]) !== undefined) {
      scan.tokens.push({ type: 'end', text: begin, at: start });
      return;
    }
    if (!mayBeBlank(code) || match(scan, patterns.blanks) === undefined) readToken(scan, open);
  }
}

/** Whether `}}`, `%}`, `-}}` and the like may begin with a letter. */
function mayClose(code: number): boolean {
  return code === 0x7d || code === 0x25 || code === 0x2d || code === 0x2b;
}

function mayBeBlank(code: number): boolean {
  return code <= 0x20 || code > 0x7f;
}

function readToken(scan: Scan, open: string[]): void {
  const at = scan.at;
  const first = scan.text.charAt(at);
  if (first >= '0' && first <= '9') {
    readNumber(scan);
    return;
  }
  if ((first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first === '_') {
    push(scan, 'name', patterns.name);
    return;
  }
  if (first === '"' || first === "'") {
    push(scan, 'string', patterns.string);
    return;
  }
  const text = match(scan, patterns.sign);
  if (text === undefined) {
    unexpected(scan);
    return;
  }
  balance(scan, open, text, at);
  scan.tokens.push({ type: 'sign', text, at });
}

function push(scan: Scan, type: 'name' | 'string', pattern: RegExp): void {
  const { at } = scan;
  const text = match(scan, pattern);
  if (text === undefined) unexpected(scan);
  else scan.tokens.push({ type, text, at });
}

function readNumber(scan: Scan): void {
  const { at } = scan;
  const float = match(scan, patterns.float);
  if (float !== undefined) {
    scan.tokens.push({ type: 'float', text: float, value: floatOf(float), at });
    return;
  }
  const text = match(scan, patterns.integer) ?? '0';
  const digits = text.replaceAll('_', '').toLowerCase();
  scan.tokens.push({ type: 'integer', text, value: BigInt(digits.replace(/^0+(?=\d)/, '')), at });
}

function floatOf(text: string): number {
  const value = Number(text.replaceAll('_', ''));
  return Number.isFinite(value) ? value : refuse('number', text, 'Write a smaller number.');
}

function balance(scan: Scan, open: string[], sign: string, at: number): void {
  const close = pairs[sign];
  if (close !== undefined) open.push(close);
  if (sign !== '}' && sign !== ')' && sign !== ']') return;
  const expected = open.pop();
  if (expected === sign) return;
  scan.at = at;
  syntax(
    scan,
    expected === undefined ? `unexpected '${sign}'` : `unexpected '${sign}', expected '${expected}'`,
  );
}

function unexpected(scan: Scan): never {
  const char = String.fromCodePoint(scan.text.codePointAt(scan.at) ?? 0);
  if (char > '\x7f') refuse('letters', `'${char}' in an expression`, 'Use names of ASCII letters.');
  return syntax(scan, `unexpected char '${char}'`);
}

function search(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

function match(scan: Scan, pattern: RegExp): string | undefined {
  pattern.lastIndex = scan.at;
  const start = scan.at;
  if (!pattern.test(scan.text)) return undefined;
  scan.at = pattern.lastIndex;
  return scan.text.slice(start, scan.at);
}

function syntax({ template, at }: Scan, message: string): never {
  return raise({ kind: 'syntax', message, place: { template, offset: at } });
}
