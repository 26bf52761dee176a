import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { semanticTokens } from '../../core/features/semanticTokens.ts';
import { context } from '../../core/layers/context.ts';
import { openBelow, shopManifest } from '../support/fixture.ts';

/** The tokens of the file with the cursor, each line of it with what is said of its stretches. */
function tokensOf(text: string, chosen = context('shop', 'qa')): string {
  const { model, cursor, files } = openBelow(shopManifest, text);
  const content = files.get(cursor.file) ?? '';
  const tokens = semanticTokens(model, cursor.file, chosen);
  return tokens
    .map(({ range, type, modifiers }) => {
      const { line } = model.lines(cursor.file).position(range.start);
      return `${line + 1} ${content.slice(range.start, range.end)}: ${[type, ...modifiers].join('.')}`;
    })
    .join('\n');
}

describe('semantic tokens', () => {
  it('tell what does not count in the active context, and what counts nowhere', () => {
    expect(
      tokensOf(`
      //- /w/configs/shop.yaml
      $0wins: 1
      here: "one"
      there: 2.5
      nowhere: [true, ~]
      added: [1]
      //- /w/configs/shop-qa.yaml
      here: two
      nowhere: !replace []
      added: [2]
      //- /w/configs/shop-local.yaml
      nowhere: !replace [1]
      //- /w/configs/shop-production.yaml
      there: 3.5
      nowhere: !deleted
      `),
    ).toMatchInlineSnapshot(`
      "2 here: property.overridden
      2 "one": string.overridden
      4 nowhere: property.dead
      4 true: keyword.dead
      4 ~: keyword.dead"
    `);
  });

  it('of a file that several apps read count as dead only what no app gets', () => {
    expect(
      tokensOf(`
      //- /w/configs/common.yaml
      $0one: 1
      all: 1
      //- /w/configs/common-overrides.yaml
      all: 2
      //- /w/configs/shop.yaml
      one: 2
      `),
    ).toMatchInlineSnapshot(`
      "1 one: property.overridden
      1 1: number.overridden
      2 all: property.dead
      2 1: number.dead"
    `);
  });

  it('of a file that no context loads are dead', () => {
    expect(
      tokensOf(`
      //- /w/configs/common-prodution.yaml
      $0a:
        b: x
      `),
    ).toMatchInlineSnapshot(`
      "1 a: property.dead
      2 b: property.dead
      2 x: string.dead"
    `);
  });

  it('of a file that the active context does not load tell only what counts nowhere', () => {
    expect(
      tokensOf(`
      //- /w/configs/shop-production.yaml
      $0a: 1
      b: 1
      //- /w/configs/shop-production-us.yaml
      a: 2
      //- /w/configs/shop-overrides.yaml
      b: 2
      `),
    ).toMatchInlineSnapshot(`
      "2 b: property.dead
      2 1: number.dead"
    `);
  });

  it('name our tags and placeholders, in lists too, and do not dim what was given', () => {
    expect(
      tokensOf(`
      //- /w/configs/common.yaml
      $0a: !missing "ask ops"
      b: !deleted
      c: !replace [1, !missing two]
      d:
        - e: !missing
      f: &f !missing why
      g: *f
      //- /w/configs/common-qa.yaml
      a: 1
      //- /w/configs/common-overrides.yaml
      a: 2
      `),
    ).toMatchInlineSnapshot(`
      "1 !missing "ask ops": strataPlaceholder
      2 !deleted: keyword
      3 !replace: keyword
      3 !missing two: strataPlaceholder
      5 !missing: strataPlaceholder
      6 !missing why: strataPlaceholder"
    `);
  });

  it('dim a mapping that is taken away with all in it, keys in lists included', () => {
    expect(
      tokensOf(`
      //- /w/configs/shop.yaml
      $0m:
        - k: v
      tls:
        version: "1.2"
        more: {a.b: 1}
      //- /w/configs/shop-overrides.yaml
      m: !replace []
      tls: !deleted
      `),
    ).toMatchInlineSnapshot(`
      "1 m: property.dead
      2 k: property.dead
      2 v: string.dead
      3 tls: property.dead
      4 version: property.dead
      4 "1.2": string.dead
      5 more: property.dead
      5 a: property.dead
      5 b: property.dead
      5 1: number.dead"
    `);
  });

  it('do not call dead what an alias or a merge key repeats', () => {
    expect(
      tokensOf(`
      //- /w/configs/shop.yaml
      $0base: &base {a: 1}
      m: {<<: *base, b: *base}
      //- /w/configs/shop-overrides.yaml
      base: {a: 2}
      m: {a: 3}
      `),
    ).toMatchInlineSnapshot(`
      "1 a: property.overridden
      1 1: number.overridden"
    `);
  });

  it('end with their lines', () => {
    expect(
      tokensOf(`
      //- /w/configs/shop.yaml
      $0a: |
        one

        two 🎉
      b: "three
        four"
      //- /w/configs/shop-overrides.yaml
      a: x
      b: x
      `),
    ).toMatchInlineSnapshot(`
      "1 a: property.dead
      1 |: string.dead
      2 one: string.dead
      4 two 🎉: string.dead
      5 b: property.dead
      5 "three: string.dead
      6 four": string.dead"
    `);
  });

  it('find the parts of dotted keys, each place once', () => {
    expect(
      tokensOf(`
      //- /w/configs/shop.yaml
      $0"q.r": 1
      d.e: 1
      d.f: 1
      //- /w/configs/shop-overrides.yaml
      q: {r: 2}
      d: {e: 2}
      `),
    ).toMatchInlineSnapshot(`
      "1 "q.r": property.dead
      1 1: number.dead
      2 e: property.dead
      2 1: number.dead"
    `);
  });

  it('are none in public data and in the manifest', () => {
    expect(
      tokensOf(`
      //- /w/shop/deploy/configuration/public-data.yaml
      - a$0
      `),
    ).toBe('');
  });

  it('follow each other within their lines, whatever is typed', () => {
    const piece = fc.constantFrom(
      'a',
      'b: ',
      '\n',
      '\r\n',
      '  ',
      '- ',
      '!replace ',
      '!missing ',
      '|\n',
      '{',
      '}',
      '[',
      ']',
      '"',
      '&x ',
      '*x',
      '<<: ',
      '.',
      ',',
      '🎉',
      '\t',
      '#',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const { model, files } = openBelow(
          shopManifest,
          '      //- /w/configs/common-overrides.yaml\n      a: 1\n      b: {a: 1}\n',
        );
        const file = '/w/configs/common.yaml';
        const text = `a: 1\n${pieces.join('')}`;
        files.set(file, text);
        model.filesMoved();
        let end = 0;
        for (const { range } of semanticTokens(model, file, undefined)) {
          expect(range.start).toBeGreaterThanOrEqual(end);
          expect(range.end).toBeGreaterThan(range.start);
          expect(text.slice(range.start, range.end)).not.toMatch(/[\r\n]/);
          end = range.end;
        }
        expect(end).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 300 },
    );
  });
});
