import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { effectiveDocument } from '../../core/features/effectiveDocument.ts';
import { effectiveDefinition, effectiveHover } from '../../core/features/effectiveSource.ts';
import { context } from '../../core/layers/context.ts';
import { openBelow, shopManifest } from '../support/fixture.ts';

const { model, files } = openBelow(
  shopManifest,
  `
      //- /w/configs/common.yaml
      db: &db
        host: one
        port: 1
      copy: *db
      more:
        <<: *db
        own: 2
      "quoted.key": x
      ports: [1, {inner: {a: 2, b: [3]}}]
      password: !missing ask ops
      text: |
        two
        lines: here
      gone: 1
      ünï: 😀
      //- /w/configs/common-qa.yaml
      db: {host: two}
      ports:
        - 9
        - {inner: x, out: !deleted }
      gone: !deleted
      text: other
      //- /w/configs/common-production.yaml
      db.host: three
      ports: !replace [7]
`,
);
const of = context('shop', 'qa');

/** Where a place of the document leads: the origin, and the file with the line of the target. */
function lead(needle: string, at = of): string {
  const text = effectiveDocument(model, at);
  expect(text).toContain(needle);
  const offset = text.indexOf(needle) + (needle.startsWith('- ') ? 2 : 0);
  const found = effectiveDefinition(model, at, text, offset);
  const [target] = found?.definitions ?? [];
  if (found === undefined || target === undefined) return '(none)';
  const source = files.get(target.file) ?? '';
  const shown = source.slice(target.keyRange.start, target.keyRange.end);
  return `${text.slice(found.origin.start, found.origin.end)} → ${target.file.slice(3)}: ${shown}`;
}

describe('from the effective document to the layers', () => {
  it.each([
    ['a key', 'host: two', 'host → configs/common-qa.yaml: host'],
    ['a value', 'two #', 'host → configs/common-qa.yaml: host'],
    ['a mapping', 'db:', 'db → configs/common-qa.yaml: db'],
    ['what an alias repeats', 'host: one', 'host → configs/common.yaml: host'],
    ['a key with dots in quotes', 'key: x', 'key → configs/common.yaml: "quoted.key"'],
    ['a list', 'ports:', 'ports → configs/common-qa.yaml: ports'],
    ['an element of a lower layer', '- 1', '1 → configs/common.yaml: 1'],
    ['an element of the layer', '9 #', '9 → configs/common-qa.yaml: 9'],
    ['a key within an element', 'inner: x', 'inner → configs/common-qa.yaml: inner'],
    ['a key deep within one', 'a: 2', 'a → configs/common.yaml: a'],
    ['an element within one', '- 3', '3 → configs/common.yaml: 3'],
    ['a placeholder', '!missing ask', 'password → configs/common.yaml: password'],
    ['letters of every kind', '😀 #', 'ünï → configs/common.yaml: ünï'],
    ['what Strata itself gives', 'app: shop', '(none)'],
    ['a comment', '# shop in qa', '(none)'],
  ])('%s', (_, needle, expected) => {
    expect(lead(needle)).toBe(expected);
  });

  it('depends on the context', () => {
    const eu = context('shop', 'production', { cluster: 'eu' });
    expect(lead('host: three', eu)).toBe('host → configs/common-production.yaml: host');
    expect(lead('- 7', eu)).toBe('7 → configs/common-production.yaml: 7');
    expect(lead('lines: here', eu)).toBe('text → configs/common.yaml: text');
  });

  it('has the hover of a layer, with the context as the active one', () => {
    const text = effectiveDocument(model, of);
    const offset = text.indexOf('host: two');
    const found = effectiveHover(model, of, text, offset, (file) => file);
    expect(found?.range).toEqual({ start: offset, end: offset + 4 });
    expect(found?.markdown).toMatchInlineSnapshot(`
      "**db.host** · shop

      | environment | effective value | from |
      | :-- | :-- | :-- |
      | local | \`"one"\` | [common.yaml:2](/w/configs/common.yaml) |
      | qa | \`"two"\` | [common-qa.yaml:1](/w/configs/common-qa.yaml) |
      | production/us, production/eu | \`"three"\` | [common-production.yaml:1](/w/configs/common-production.yaml) |

      **qa**, lowest layer first:

      1. [common.yaml:2](/w/configs/common.yaml) set \`"one"\`
      1. [common-qa.yaml:1](/w/configs/common-qa.yaml) set \`"two"\` **← wins**

      *No say:* shop-default.yaml"
    `);
    const builtIn = effectiveHover(model, of, text, text.indexOf('app: shop'), (file) => file);
    expect(builtIn?.markdown).toContain(
      '| local, qa, production/us, production/eu | `"shop"` | *built-in* |',
    );
  });

  it('answers at every place of any text, also of one that is old or broken', () => {
    const text = effectiveDocument(model, of);
    const edits = fc.tuple(
      fc.nat(text.length),
      fc.nat(12),
      fc.constantFrom('', '[', '  ', '\n', ': ', '\t', '"'),
    );
    fc.assert(
      fc.property(edits, fc.nat(text.length), ([at, length, put], offset) => {
        const other = text.slice(0, at) + put + text.slice(at + length);
        effectiveHover(model, of, other, offset, (file) => file);
        for (const { file } of effectiveDefinition(model, of, other, offset)?.definitions ?? []) {
          expect(files.has(file)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });
});
