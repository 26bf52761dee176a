import { parseText } from '../../core/yaml/parse.ts';
import type { Random } from './random.ts';

/** Few names, some a letter from each other, so that layers speak of the same and mistype it. */
const keys = [
  'db',
  'host',
  'port',
  'prot',
  'shop',
  'name',
  'cache',
  'log',
  'level',
  'urls',
  'x.y',
  'db.host',
  'a b',
  '8',
] as const;
const values = [
  '1',
  '1',
  '2',
  '1.0',
  'one',
  'one',
  'two',
  'true',
  'null',
  '',
  '[a, b]',
  '[]',
  '!replace [c]',
  '!missing',
  '!missing say which',
  '!deleted',
  '{port: 1}',
  '{host: one, port: 2}',
  "'it''s'",
  '"\\u00e4 # x"',
  '"🙂"',
  '|\n    text\n    more',
  '\n    - a\n    - b: 1',
  '&one {port: 1}',
  '*one',
] as const;

/** A layer of a few settings, mostly sound YAML. */
export function layerText(random: Random): string {
  const lines: string[] = [];
  for (let count = random.below(5); count >= 0; count--) lines.push(...pairLines(random, '', 0));
  const text = `${lines.join('\n')}\n`;
  const sound = isBroken(text) ? 'db:\n  host: one\n' : text;
  return random.chance(0.1) ? sound.replaceAll('\n', '\r\n') : sound;
}

function pairLines(random: Random, indent: string, depth: number): string[] {
  const key = random.pick(keys);
  if (depth < 2 && random.chance(0.4)) {
    const below = Array.from({ length: 1 + random.below(3) }, () =>
      pairLines(random, `${indent}  `, depth + 1),
    );
    return [`${indent}${key}:`, ...below.flat()];
  }
  return [`${indent}${key}: ${random.pick(values).replaceAll('\n', `\n${indent}`)}`];
}

/** A layer as JSON. */
export function jsonText(random: Random): string {
  const pair = () =>
    `"${random.pick(keys)}": ${random.pick(['1', '"one"', '[1]', '{"host": "one"}', 'true'])}`;
  return `{${Array.from({ length: random.below(4) }, pair).join(', ')}}\n`;
}

/** Whether a text is not YAML, in either version: what its layer says then depends on what it said before. */
export function isBroken(text: string): boolean {
  return parseText('', text, '1.2').broken || parseText('', text, '1.1').broken;
}

/** A text as somebody changes it, by one stroke or one line. */
export function edited(random: Random, text: string): string {
  if (text.length > 600 || random.chance(0.03)) return layerText(random);
  return random.pick(edits)(random, text);
}

type Edit = (random: Random, text: string) => string;

const edits: readonly [Edit, ...Edit[]] = [
  (random, text) => splice(text, random.below(text.length + 1), 0, random.pick(strokes)),
  (random, text) => splice(text, random.below(text.length + 1), 0, random.pick(strokes)),
  (random, text) => splice(text, random.below(text.length + 1), 1 + random.below(3), ''),
  (random, text) => withLines(text, (lines) => lines.splice(random.below(lines.length), 1)),
  (random, text) =>
    withLines(text, (lines) => lines.splice(random.below(lines.length), 0, random.pickOf(lines) ?? '')),
  (random, text) =>
    withLines(text, (lines) => {
      const moved = lines.splice(random.below(lines.length), 1);
      lines.splice(random.below(lines.length + 1), 0, ...moved);
    }),
  (random, text) =>
    withLines(text, (lines) => lines.splice(random.below(lines.length + 1), 0, someLine(random))),
  (random, text) =>
    withLines(text, (lines) => lines.splice(random.below(lines.length + 1), 0, someLine(random))),
  (random, text) => inLine(random, text, (line) => line.replace(/[^\s:]+(?=:)/, random.pick(keys))),
  (random, text) => inLine(random, text, (line) => line.replace(/:.*$/, `: ${random.pick(values)}`)),
  (random, text) => inLine(random, text, (line) => line.replace(/:.*$/, `: ${random.pick(values)}`)),
  (random, text) => inLine(random, text, (line) => (line.startsWith('  ') ? line.slice(2) : `  ${line}`)),
  (random, text) => inLine(random, text, (line) => (line.startsWith('#') ? line.slice(1) : `#${line}`)),
  (random, text) =>
    random.chance(0.3) && !text.includes('\r') ? text.replaceAll('\n', '\r\n') : text.replaceAll('\r', ''),
];

const strokes = [
  'a',
  'x',
  '1',
  ':',
  ' ',
  '\n',
  '"',
  '.',
  '!',
  '- ',
  '#',
  '[',
  '}',
  '&one ',
  '*one',
  '<<: ',
  '\t',
  '🙂',
  '\r',
] as const;

function someLine(random: Random): string {
  const indent = random.pick(['', '', '  ', '    ']);
  return pairLines(random, indent, 2).join('\n');
}

function splice(text: string, at: number, gone: number, come: string): string {
  return text.slice(0, at) + come + text.slice(at + gone);
}

function withLines(text: string, change: (lines: string[]) => void): string {
  const lines = text.split('\n');
  change(lines);
  return lines.join('\n');
}

function inLine(random: Random, text: string, change: (line: string) => string): string {
  return withLines(text, (lines) => {
    const at = random.below(lines.length);
    lines[at] = change(lines[at] ?? '');
  });
}
