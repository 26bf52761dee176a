import fs from 'node:fs';
import path from 'node:path';
import { type Random, randomFrom } from '../random.ts';
import { edited, layerText } from '../texts.ts';

const project = path.resolve(import.meta.dirname, '../../..');

/** The layers of the example and of the golden cases. */
export function realTexts(): string[] {
  return ['examples/shop', 'test/golden'].flatMap((folder) => {
    const names = fs.readdirSync(path.join(project, folder), { recursive: true, encoding: 'utf8' }).sort();
    const layers = names.filter((name) => /\.(ya?ml|json)$/.test(name) && !name.includes('node_modules'));
    return layers.map((name) => fs.readFileSync(path.join(project, folder, name), 'utf8'));
  });
}

/** One document of those that come of a seed; most are nearly YAML. */
export function documentAt(seed: number, index: number, real: readonly string[]): string {
  const random = randomFrom(seed, index);
  return random.pick(kinds)(random, random.pickOf(real) ?? '', random.pickOf(real) ?? '');
}

type Kind = (random: Random, one: string, other: string) => string;

const kinds: readonly [Kind, ...Kind[]] = [
  (random) => String.fromCharCode(...Array.from({ length: random.below(200) }, () => random.below(128))),
  (random) => String.fromCharCode(...Array.from({ length: random.below(80) }, () => random.below(65536))),
  (random) => Array.from({ length: random.below(120) }, () => random.pick(pieces)).join(''),
  (random) => Array.from({ length: random.below(40) }, () => random.pick(pieces)).join(''),
  (random, one) => one.slice(0, random.below(one.length + 1)),
  (random, one) => one.slice(random.below(one.length + 1)),
  (random, one) => mutated(random, one),
  (random, one) => mutated(random, one),
  (random, one, other) => crossed(random, one, other),
  (random) => edits(random, layerText(random)),
  (random) => edits(random, layerText(random)),
  (random) => (random.chance(0.1) ? large(random) : layerText(random)),
];

/** What YAML is made of, and what confuses it. */
const pieces = [
  ...'abc019-:?,[]{}#&*!|>\'"%@`.~<=\\ \t\n\r\u0000\u0085\u2028\ufeff\ud83d\ude00é',
  '\n  ',
  '\n    ',
  '\r\n',
  ': ',
  '- ',
  '? ',
  '&a ',
  '*a ',
  '<<: ',
  '!missing ',
  '!deleted',
  '!replace ',
  '!!set ',
  '!!binary ',
  '---\n',
  '...\n',
  '%YAML 1.1\n',
  '|2-\n',
  '>+\n',
  '0x1F',
  '1e400',
  '.nan',
  '-.inf',
  '2001-01-01',
  '1:30',
  '__proto__: ',
  'constructor: ',
  'a.b: ',
  '"a.b": ',
  '<<<<<<< ours\n',
  '=======\n',
  '>>>>>>> theirs\n',
] as unknown as readonly [string, ...string[]];

function mutated(random: Random, text: string): string {
  let now = text;
  for (let count = 1 + random.below(6); count > 0; count--) {
    const at = random.below(now.length + 1);
    now = now.slice(0, at) + random.pick(pieces) + now.slice(at + random.below(4));
  }
  return now;
}

function crossed(random: Random, one: string, other: string): string {
  const lines = [...one.split('\n'), ...other.split('\n')];
  return Array.from({ length: random.below(30) }, () => random.pickOf(lines) ?? '').join('\n');
}

function edits(random: Random, text: string): string {
  let now = text;
  for (let count = random.below(12); count > 0; count--) now = edited(random, now);
  return now;
}

/** Deep, long, or full of anchors: what costs most. */
function large(random: Random): string {
  const size = 10 ** (1 + random.below(4));
  const lines = Array.from({ length: Math.min(size, 3000) }, (_, index) => index);
  return random.pick([
    () => '['.repeat(size),
    () => `a: ${'{a: '.repeat(size)}`,
    () => `a: ${'['.repeat(size)}${']'.repeat(size)}`,
    () => lines.slice(0, 400).reduce((text, depth) => `${text}${' '.repeat(depth)}a:\n`, ''),
    () => '- '.repeat(size),
    () => '? '.repeat(size),
    () => '&a '.repeat(size),
    () => '!missing '.repeat(size),
    () => `a: ${'x'.repeat(size * 10)}\n`,
    () => `a: "${'\\u00e4 '.repeat(size)}"\n`,
    () => `a: "${'x '.repeat(size)}`,
    () => `${'a.'.repeat(size)}b: 1\n`,
    () => lines.map((index) => `a${index}: &x${index} ${index}\n`).join(''),
    () =>
      lines
        .map((index) => `a${index}: &x${index} [${index === 0 ? '1' : `*x${index - 1}, *x${index - 1}`}]\n`)
        .join(''),
    () =>
      lines.map((index) => `a${index}: &x${index} {${index === 0 ? '' : `<<: *x${index - 1}`}}\n`).join(''),
    () => lines.map(() => 'a: 1\n').join(''),
    () => lines.map((index) => `a.b${index % 7}.c${index}: 1\n`).join(''),
    () => lines.map(() => '# note\n').join(''),
  ])();
}
