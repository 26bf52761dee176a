import { describe, expect, it } from 'vitest';
import { contextsText } from '../../core/features/contextsText.ts';
import { definition } from '../../core/features/definition.ts';
import { hover } from '../../core/features/hover.ts';
import { lint } from '../../core/features/lint.ts';
import { context } from '../../core/layers/context.ts';
import { openBelow, shopManifest } from '../support/fixture.ts';

/** A fixture below the manifest, the model of its files, and the chosen context. */
function open(text: string, chosen = context('shop', 'production', { cluster: 'eu' })) {
  return { ...openBelow(shopManifest, text), chosen };
}

function hoverText(text: string, chosen?: ReturnType<typeof context>): string {
  const { model, cursor, marks, chosen: at } = open(text, chosen);
  const found = hover(model, cursor.file, cursor.offset, {
    chosen: at,
    linkTo: (file, { line, character }) => `${file}#${line + 1},${character + 1}`,
  });
  const [mark] = marks;
  if (mark) expect(found?.range).toEqual(mark.range);
  return found?.markdown ?? '(none)';
}

describe('hover', () => {
  it('shows every environment with its winner, equal ones folded, and the chain of the active context', () => {
    const text = hoverText(
      `
      //- /w/configs/common.yaml
      common:
        db:
          h$0ost: one
          ^^^^
      //- /w/configs/common-production.yaml
      common: {db: {host: two}}
      //- /w/configs/common-production-eu.yaml
      common.db.host: three
      //- /w/shop/deploy/configuration/shop-default.yaml
      shop: {}
    `.replace('#^^', '^^^^'),
    );
    expect(text).toMatchInlineSnapshot(`
      "**common.db.host** · shop

      | environment | effective value | from |
      | :-- | :-- | :-- |
      | local, qa | \`"one"\` | [common.yaml:3](/w/configs/common.yaml#3,5) |
      | production/us | \`"two"\` | [common-production.yaml:1](/w/configs/common-production.yaml#1,15) |
      | production/eu | \`"three"\` | [common-production-eu.yaml:1](/w/configs/common-production-eu.yaml#1,11) |

      ⚠ The value given here is overridden in production/us, production/eu.

      **production/eu**, lowest layer first:

      1. [common.yaml:3](/w/configs/common.yaml#3,5) set \`"one"\`
      1. [common-production.yaml:1](/w/configs/common-production.yaml#1,15) set \`"two"\`
      1. [common-production-eu.yaml:1](/w/configs/common-production-eu.yaml#1,11) set \`"three"\` **← wins**

      *No say:* shop-default.yaml"
    `);
  });

  it('tells of other apps that load the layer and have other values', () => {
    const text = hoverText(`
      //- /w/configs/common.yaml
      a: $0one
      //- /w/configs/site.yaml
      a: two
    `);
    expect(text).toContain('Other values in `site`.');
  });

  it('shows the app that the layer belongs to, whatever app is chosen', () => {
    const text = hoverText(`
      //- /w/configs/site.yaml
      a$0: [1]
      //- /w/configs/site-qa.yaml
      a: [2]
    `);
    expect(text).toContain('**a** · site');
    expect(text).toContain('| qa | `[1, 2]` | [site-qa.yaml:1]');
  });

  it('shows placeholders, deletions and refusals', () => {
    const text = hoverText(
      `
      //- /w/configs/common.yaml
      a: !missing "ask ops"
      //- /w/configs/common-qa.yaml
      a: 1
      //- /w/configs/common-production.yaml
      a$0: !deleted
      //- /w/configs/common-local.yaml
      a: x
      //- /w/configs/shop-local.yaml
      a: 5
    `,
      context('shop', 'local'),
    );
    expect(text).toContain('| local | `"x"` |');
    expect(text).toContain('| qa | `1` |');
    expect(text).toContain('| production/us, production/eu | *not set* | [common-production.yaml:1]');
    expect(text).toContain('require `!missing ask ops`');
    expect(text).toContain('refused `5`');
  });

  it('escapes what markdown would read', () => {
    const text = hoverText(`
      //- /w/configs/common.yaml
      a$0: "x | \`y\` *z*"
    `);
    expect(text).toContain('``"x \\| `y` *z*"``');
  });

  it('says so when no context loads the file', () => {
    expect(
      hoverText(`
      //- /w/configs/common-prodution.yaml
      a$0: 1
    `),
    ).toBe('`a`: no context loads this file.');
  });

  it('shows nothing between settings', () => {
    expect(
      hoverText(`
      //- /w/configs/common.yaml
      a: 1
      # word$0s
      b: 2
    `),
    ).toBe('(none)');
  });
});

describe('definition', () => {
  function targets(text: string): string[] {
    const { model, cursor, marks, chosen } = open(text);
    const found = definition(model, cursor.file, cursor.offset, chosen);
    return (found?.definitions ?? []).map(({ file, keyRange }) => {
      const mark = marks.find((one) => one.file === file && one.range.start === keyRange.start);
      return mark ? `${mark.label} (${file.slice('/w/'.length)})` : file;
    });
  }

  it('gives the winner first, then the rest by precedence, then other environments', () => {
    expect(
      targets(
        `
      //- /w/configs/common.yaml
      common.h$0ost: one
             ^^^^ lowest
      //- /w/configs/common-qa.yaml
      common: {host: two}
               ^^^^ qa
      //- /w/configs/common-production.yaml
      common: {host: three}
               ^^^^ middle
      //- /w/configs/common-production-eu.yaml
      common: {host: four}
               ^^^^ winner
    `.replace('c$0ommon.host', 'common.ho$0st'),
      ),
    ).toEqual([
      'winner (configs/common-production-eu.yaml)',
      'middle (configs/common-production.yaml)',
      'lowest (configs/common.yaml)',
      'qa (configs/common-qa.yaml)',
    ]);
  });

  it('of a mapping gives every layer that has a part of it', () => {
    expect(
      targets(`
      //- /w/configs/common.yaml
      co$0mmon: {a: 1}
      ^^^^^^ low
      //- /w/configs/common-production.yaml
      common: {b: 1}
      ^^^^^^ high
    `),
    ).toEqual(['high (configs/common-production.yaml)', 'low (configs/common.yaml)']);
  });
});

describe('lint', () => {
  function findings(text: string): string[] {
    const { model } = open(text);
    return lint(model).map((one) => {
      const where = contextsText(model, one.contexts);
      return `${one.code} ${one.file.slice('/w/'.length)} ${one.setting ?? ''} [${where}]`;
    });
  }

  it('tells each problem once, with the contexts that it holds in', () => {
    expect(
      findings(`
      //- /w/configs/common.yaml
      a: 1
      p: !missing
      //- /w/configs/common-production.yaml
      a: x
      p: given
      //- /w/configs/site-local.yaml
      p: given
      //- /w/shop/deploy/configuration/public-data.yaml
      - a
      - b.c
    `).sort(),
    ).toEqual([
      'missing-value configs/common.yaml p [shop: local, qa; site: qa]',
      'public-key-missing shop/deploy/configuration/public-data.yaml b.c [shop: every context]',
      'type-mismatch configs/common-production.yaml a [production/us, production/eu]',
    ]);
  });

  it('looks at build mode where a layer is only for builds', () => {
    expect(
      findings(`
      //- /w/configs/shop-build.yaml
      a: !missing
    `),
    ).toEqual([
      'missing-value configs/shop-build.yaml a [shop: qa (build), production/us (build), production/eu (build)]',
    ]);
  });

  it('finds nothing in a sound workspace', () => {
    expect(
      findings(`
      //- /w/configs/common.yaml
      a: 1
    `),
    ).toEqual([]);
  });
});
