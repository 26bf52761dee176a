import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../core/yaml/events/readEvents.ts';
import { parseWithRecovery } from '../../core/yaml/parse.ts';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Both parsers read a text: what the fast one takes on, the other finds sound, and reads as the same tree.
 * @returns whether the fast one took it on.
 */
function agree(text: string): boolean {
  const fast = readEvents('/l.yaml', text, { dottedKeys: true });
  if (fast === undefined) return false;
  const { root: tree, problems } = parseWithRecovery('/l.yaml', text, '1.2');
  expect({ text, problems, tree }).toEqual({ text, problems: [], tree: fast.root });
  return true;
}

function layersIn(folder: string): string[] {
  const entries = fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  const files = entries.filter((file) => /\.(ya?ml|json)$/.test(file) && !file.includes('node_modules'));
  return files.map((file) => fs.readFileSync(path.join(root, folder, file), 'utf8'));
}

const real = [...layersIn('examples/shop'), ...layersIn('test/golden')];

const scalars = [
  ...[
    '1',
    '-1',
    '+7',
    '1.0',
    '1e3',
    '.5',
    '1.',
    '0x1F',
    '0o17',
    '012',
    '1_000',
    '.inf',
    '-.INF',
    '.nan',
    'true',
  ],
  ...[
    'False',
    'yes',
    'null',
    '~',
    'Null',
    'word',
    'two words',
    'a:b',
    'x#y',
    '-x',
    '-',
    '?x',
    ':x',
    '*x',
    '&x 1',
  ],
  ...[
    '"q"',
    "'it''s'",
    '"\\t\\u00fc"',
    '"a\n   b"',
    "'a\n\n   b'",
    'a\n   b',
    '""',
    "''",
    '😀',
    'ü',
    'http://x:80/y',
  ],
  ...[
    '!missing',
    '!missing why so',
    '!missing "why"',
    '!deleted',
    '!replace [1]',
    '!!str 1',
    '! x',
    '!other x',
    '',
  ],
  ...[
    '[]',
    '{}',
    '[1, 2]',
    '[a, [b], {c: d}]',
    '{a: 1, b: [x]}',
    '{a, b: }',
    '[a: 1]',
    '[ ,]',
    '[a,]',
    '{a: 1,}',
  ],
  ...[
    '"a": 1',
    '{"a":1}',
    '[\n  1,\n  2 ]',
    '{\n  a: 1 # c\n  }',
    '| \n  x',
    '*a',
    '&a [1]',
    '&b {c: 1}',
    '*b',
  ],
];
const blocks = ['|\n', '>\n', '|-\n', '>+\n', '|2\n', '| # c\n'];
const keys = [
  'a',
  'b',
  'c.d',
  'c.e',
  '"q.r"',
  "'s'",
  '8080',
  '1.0',
  '<<',
  '"<<"',
  '~',
  'true',
  'a b',
  'ü',
  '&k k',
  '? k',
];
const ends = ['', '', '', ' # note', '  ', '\n', '\n# alone', '\n\n', '\r\n', '\t'];

/** Lines of a block mapping or list, indented as they should be or not. */
const line = fc
  .tuple(
    fc.constantFrom('', '', '  ', '  ', '    ', ' ', '      '),
    fc.constantFrom('', '', '', '- ', '- - ', '-'),
    fc.option(fc.constantFrom(...keys), { freq: 5 }),
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...scalars) },
      { weight: 1, arbitrary: fc.constantFrom(...blocks) },
    ),
    fc.constantFrom(...ends),
  )
  .map(
    ([indent, dash, key, value, end]) => `${indent}${dash}${key === null ? '' : `${key}: `}${value}${end}`,
  );

const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));

/** A real layer with some of its letters replaced, taken out or doubled. */
const mutated = fc
  .tuple(
    fc.constantFrom(...real.filter((one) => one.length < 3000)),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.nat({ max: 3 }),
        fc.constantFrom('', ' ', '\n', ':', '- ', '"', "'", '[', '}', '#', '&a ', '*a', '|', '\n  '),
      ),
      { maxLength: 4 },
    ),
  )
  .map(([layer, edits]) =>
    edits.reduce((now, [place, gone, put]) => {
      const at = place % (now.length + 1);
      return now.slice(0, at) + put + now.slice(at + gone);
    }, layer),
  );

describe('the fast reader and the one that recovers', () => {
  it('give the same tree with the same places for every layer here', () => {
    const taken = real.filter(agree);
    expect(taken.length).toBeGreaterThan(real.length * 0.8);
  });

  it('give the same tree for any text that the fast one takes on', () => {
    let taken = 0;
    const seen = (one: string) => {
      if (agree(one)) taken++;
    };
    const runs = Number(process.env.STRATA_PARSER_RUNS ?? 3000);
    fc.assert(fc.property(text, seen), { numRuns: runs });
    fc.assert(fc.property(mutated, seen), { numRuns: runs / 3 });
    expect(taken).toBeGreaterThan(runs / 10);
  });
});
