import { describe, expect, it } from 'vitest';
import { codeLenses } from '../../core/features/codeLens.ts';
import { codeLensText } from '../../core/features/codeLensText.ts';
import { context } from '../../core/layers/context.ts';
import { settingIndex } from '../../core/workspace/settingIndex.ts';
import { openBelow, shopManifest } from '../support/fixture.ts';

/** The lenses of the file with the cursor: each key with what stands above it. */
function lensesOf(text: string, chosen = context('shop', 'qa')): string[] {
  const { model, cursor, files } = openBelow(shopManifest, text);
  const content = files.get(cursor.file) ?? '';
  const known = { chosen, index: settingIndex() };
  const lines = new Map<string, string[]>();
  for (const lens of codeLenses(model, cursor.file, chosen)) {
    const found = codeLensText(model, cursor.file, lens, known);
    const places = (found?.places ?? []).map(
      ({ file, keyRange }) =>
        `${file.replace(/.*\//, '')}:${model.lines(file).position(keyRange.start).line + 1}`,
    );
    const key = `${content.slice(lens.range.start, lens.range.end)} (${lens.path.join('.')})`;
    lines.set(key, [...(lines.get(key) ?? []), `${found?.title} [${places.join(' ')}]`]);
  }
  return [...lines].map(([key, titles]) => `${key}: ${titles.join(' | ')}`);
}

describe('code lenses', () => {
  it('tell where a value is overridden, clusters of one environment together', () => {
    expect(
      lensesOf(`
      //- /w/configs/common.yaml
      $0a: one
      b: {c: 1, d: 2, e: 3}
      //- /w/configs/common-qa.yaml
      a: two
      b: {c: 1}
      //- /w/configs/common-production.yaml
      a: three
      //- /w/configs/common-production-eu.yaml
      b: {d: 1}
    `),
    ).toMatchInlineSnapshot(`
      [
        "a (a): overridden in qa, production [common-qa.yaml:1 common-production.yaml:1] | 2 references [common-production.yaml:1 common-qa.yaml:1]",
        "b (b): 2 references [common-qa.yaml:2 common-production-eu.yaml:1]",
        "c (b.c): overridden in qa [common-qa.yaml:2]",
        "d (b.d): overridden in production/eu [common-production-eu.yaml:1]",
      ]
    `);
  });

  it('tell of every context, and of which app where several read the file', () => {
    const text = `
      //- /w/configs/common.yaml
      $0a: one
      //- /w/configs/common-overrides.yaml
      a: two
    `;
    expect(lensesOf(text)).toMatchInlineSnapshot(`
      [
        "a (a): overridden in every context of shop [common-overrides.yaml:1] | 1 reference [common-overrides.yaml:1]",
      ]
    `);
    expect(
      lensesOf(`
      //- /w/configs/shop.yaml
      $0a: one
      //- /w/configs/shop-overrides.yaml
      a: two
    `),
    ).toMatchInlineSnapshot(`
      [
        "a (a): overridden in every context [shop-overrides.yaml:1] | 1 reference [shop-overrides.yaml:1]",
      ]
    `);
  });

  it('tell what is overridden in the active context, the nearest layer first', () => {
    expect(
      lensesOf(`
      //- /w/configs/common.yaml
      a: one
      asked: !missing why
      list: [1]
      replaced: [1]
      gone: 1
      m: {x: 1, y: 2}
      //- /w/configs/common-qa.yaml
      a: two
      //- /w/configs/shop.yaml
      $0a: three
      asked: given
      list: [2]
      replaced: !replace [2]
      gone: !deleted
      m: {x: 2}
      new: 1
    `),
    ).toMatchInlineSnapshot(`
      [
        "a (a): overrides common-qa.yaml and 1 more [common-qa.yaml:1 common.yaml:1] | 2 references [common.yaml:1 common-qa.yaml:1]",
        "asked (asked): fills the placeholder of common.yaml [common.yaml:2] | 1 reference [common.yaml:2]",
        "list (list): 1 reference [common.yaml:3]",
        "replaced (replaced): overrides common.yaml [common.yaml:4] | 1 reference [common.yaml:4]",
        "gone (gone): overrides common.yaml [common.yaml:5] | 1 reference [common.yaml:5]",
        "m (m): 1 reference [common.yaml:6]",
        "x (m.x): overrides common.yaml [common.yaml:6]",
        "new (new): 0 references []",
      ]
    `);
  });

  it('tell where a placeholder is given', () => {
    expect(
      lensesOf(`
      //- /w/configs/common.yaml
      $0a: !missing why
      b: !missing
      c: !missing
      //- /w/configs/common-qa.yaml
      a: 1
      b: !missing again
      c: !deleted
    `),
    ).toMatchInlineSnapshot(`
      [
        "a (a): given in qa [common-qa.yaml:1] | 1 reference [common-qa.yaml:1]",
        "b (b): 1 reference [common-qa.yaml:2]",
        "c (c): 1 reference [common-qa.yaml:3]",
      ]
    `);
  });

  it('tell of a mapping that is taken away once, and of what is overridden besides', () => {
    expect(
      lensesOf(`
      //- /w/configs/common.yaml
      m:$0
        tls: {version: 1, verify: true}
      //- /w/configs/common-qa.yaml
      m: {tls: !deleted}
      //- /w/configs/common-production.yaml
      m: {tls: {verify: false}}
    `),
    ).toMatchInlineSnapshot(`
      [
        "m (m): 2 references [common-production.yaml:1 common-qa.yaml:1]",
        "tls (m.tls): overridden in qa [common-qa.yaml:1]",
        "verify (m.tls.verify): overridden in qa, production [common-qa.yaml:1 common-production.yaml:1]",
      ]
    `);
  });

  it('look from the first context that reads the file where the active one does not', () => {
    expect(
      lensesOf(`
      //- /w/configs/common.yaml
      a: 1
      //- /w/configs/common-production.yaml
      $0a: 2
    `),
    ).toMatchInlineSnapshot(`
      [
        "a (a): overrides common.yaml [common.yaml:1] | 1 reference [common.yaml:1]",
      ]
    `);
  });

  it('count the other places that name a setting at the top, public data included', () => {
    expect(
      lensesOf(`
      //- /w/configs/common.yaml
      $0shared.a: 1
      shared.b: 2
      alone: 1
      //- /w/configs/common-qa.yaml
      shared: {c: 1}
      //- /w/configs/site.yaml
      shared.d: 1
      //- /w/shop/deploy/configuration/public-data.yaml
      - shared.a
      - shared
    `),
    ).toMatchInlineSnapshot(`
      [
        "shared (shared): 4 references [common-qa.yaml:1 site.yaml:1 public-data.yaml:1 public-data.yaml:2]",
        "alone (alone): 0 references []",
      ]
    `);
  });

  it('say nothing of what only other files hold, of refused values and of files that no context loads', () => {
    expect(
      lensesOf(`
      //- /w/configs/common.yaml
      base: &base {a: 1}
      m: {<<: *base, b: 1}$0
      x: 1
      alias: *base
      //- /w/configs/common-qa.yaml
      m: {a: 2}
      x: text
      alias: {a: 2}
    `),
    ).toMatchInlineSnapshot(`
      [
        "base (base): 0 references []",
        "m (m): 1 reference [common-qa.yaml:1]",
        "x (x): 1 reference [common-qa.yaml:2]",
        "alias (alias): 1 reference [common-qa.yaml:3]",
      ]
    `);
    expect(
      lensesOf(`
      //- /w/configs/common-prodution.yaml
      $0a: 1
    `),
    ).toEqual([]);
  });

  it.each([
    ['an empty file', '$0'],
    ['half-typed YAML', 'a: {b: [1$0\nc'],
    ['quoted dotted keys', '"a.b"$0: 1\n"a.c": 2'],
    ['JSON', '{"a": $0{"b": 1}}'],
    ['line ends of Windows', 'a:\r\n  b: 1$0\r\n'],
    ['no mapping', '- a$0'],
  ])('bear %s', (_, content) => {
    const below = `//- /w/configs/common-qa.yaml\na.b: 5\n//- /w/configs/common.yaml\n${content}\n`;
    for (const line of lensesOf(below.replace(/^/gm, '      '))) expect(line).not.toContain('undefined');
  });
});
