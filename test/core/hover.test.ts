import { describe, expect, it } from 'vitest';
import { hover } from '../../core/features/hover.ts';
import { context } from '../../core/layers/context.ts';
import { modelOf, openBelow, parseFixture, shopManifest } from '../support/fixture.ts';

type Opened = Pick<ReturnType<typeof openBelow>, 'model' | 'cursor' | 'files'>;

function hoverIn({ model, cursor }: Opened, chosen = context('shop', 'production', { cluster: 'eu' })) {
  const linkTo = (file: string, { line }: { line: number }) => `${file}#${line + 1}`;
  return hover(model, cursor.file, cursor.offset, { chosen, linkTo });
}

/** The paragraph of a hover that begins so. */
function partOf(text: string, beginning: string, chosen?: ReturnType<typeof context>): string {
  const parts = (hoverIn(openBelow(shopManifest, text), chosen)?.markdown ?? '').split('\n\n');
  const at = parts.findIndex((part) => part.startsWith(beginning));
  if (at === -1) return '(none)';
  return parts
    .slice(at, at + (parts[at + 1]?.startsWith('- ') ? 2 : 1))
    .join('\n')
    .replace(/\]\([^)]*\)/g, ']');
}

describe('the elements of a list', () => {
  it('are told with their layers, and the one that is pointed at is marked', () => {
    expect(
      partOf(
        `
      //- /w/configs/common.yaml
      list: [one, !missing two]
      //- /w/configs/common-production.yaml
      list:
        - a: 1
        - thr$0ee
      `,
        '**Elements',
      ),
    ).toMatchInlineSnapshot(`
      "**Elements in production/eu:**
      - \`"one"\` [common.yaml:1]
      - \`!missing two\` [common.yaml:1]
      - \`{"a": 1}\` [common-production.yaml:2]
      - \`"three"\` [common-production.yaml:3] **← this one**"
    `);
  });

  it('are those of the active context, without what was replaced', () => {
    const text = `
      //- /w/configs/common.yaml
      list: [o$0ne]
      //- /w/configs/common-production.yaml
      list: !replace [two]
      `;
    expect(partOf(text, '**Elements')).toMatchInlineSnapshot(`
      "**Elements in production/eu:**
      - \`"two"\` [common-production.yaml:1]"
    `);
    expect(partOf(text, '**Elements', context('shop', 'qa'))).toMatchInlineSnapshot(`
      "**Elements in qa:**
      - \`"one"\` [common.yaml:1] **← this one**"
    `);
  });

  it('are ten at most, that which is pointed at among them', () => {
    const items = Array.from({ length: 14 }, (_, index) => `x${index}`).join(', ');
    const text = `
      //- /w/configs/common.yaml
      list: [${items.replace('x12', 'x$012')}]
      `;
    expect(partOf(text, '**Elements')).toMatchInlineSnapshot(`
      "**Elements in production/eu:**
      - \`"x0"\` [common.yaml:1]
      - \`"x1"\` [common.yaml:1]
      - \`"x2"\` [common.yaml:1]
      - \`"x3"\` [common.yaml:1]
      - \`"x4"\` [common.yaml:1]
      - \`"x5"\` [common.yaml:1]
      - \`"x6"\` [common.yaml:1]
      - \`"x7"\` [common.yaml:1]
      - \`"x8"\` [common.yaml:1]
      - \`"x12"\` [common.yaml:1] **← this one**
      - *and 4 more*"
    `);
  });

  it('are told for an entry of public data as well', () => {
    expect(
      partOf(
        `
      //- /w/configs/common.yaml
      list: [one]
      //- /w/configs/shop.yaml
      list: [!missing]
      //- /w/shop/deploy/configuration/public-data.yaml
      - li$0st
      `,
        '**Elements',
      ),
    ).toMatchInlineSnapshot(`
      "**Elements in production/eu:**
      - \`"one"\` [common.yaml:1]
      - \`!missing\` [shop.yaml:1]"
    `);
  });
});

describe('a placeholder', () => {
  const text = `
      //- /w/configs/common.yaml
      a: !missing "ask *ops*"
      //- /w/configs/common-qa.yaml
      a$0: 1
      //- /w/configs/common-production-us.yaml
      a: 2
      //- /w/configs/shop-local.yaml
      a: !deleted
      `;

  it('is told with its reason, who gives it, and where nobody does', () => {
    expect(partOf(text, 'Placeholder')).toMatchInlineSnapshot(
      `"Placeholder (ask \\*ops\\*): given in qa by [common-qa.yaml:1], production/us by [common-production-us.yaml:1]; **nobody gives it in production/eu**."`,
    );
  });

  it('is told for an entry of public data as well', () => {
    const below = `${text}//- /w/shop/deploy/configuration/public-data.yaml
      - a$0
      `;
    expect(partOf(below.replace('a$0: 1', 'a: 1'), 'Placeholder')).toContain(
      '**nobody gives it in production/eu**',
    );
  });

  it('folds the clusters of an environment', () => {
    expect(
      partOf(
        `
      //- /w/configs/common.yaml
      $0a: !missing
      //- /w/configs/common-production.yaml
      a: 2
      `,
        'Placeholder',
      ),
    ).toMatchInlineSnapshot(
      `"Placeholder: given in production by [common-production.yaml:1]; **nobody gives it in local, qa**."`,
    );
  });

  it('is not told of what nobody asks for', () => {
    const given = '\n      //- /w/configs/common.yaml\n      $0a: 1\n';
    expect(partOf(given, 'Placeholder')).toBe('(none)');
  });
});

describe('what differs', () => {
  const differing = (common: string, more: string) =>
    partOf(
      `
      //- /w/configs/common.yaml
      $0a: ${common}
      ${more}
      `,
      'Only',
    );

  it('is told where few contexts differ from all the rest', () => {
    expect(differing('x', '//- /w/configs/common-production-eu.yaml\n      a: y')).toMatchInlineSnapshot(
      `"Only production/eu differs: \`"y"\` instead of \`"x"\`."`,
    );
    expect(differing('1', '//- /w/configs/common-local.yaml\n      a: !deleted')).toMatchInlineSnapshot(
      `"Only local differs: *not set* instead of \`1\`."`,
    );
  });

  it('is not told where many do, of mappings, and of placeholders', () => {
    expect(differing('x', '//- /w/configs/common-production.yaml\n      a: y')).toBe('(none)');
    expect(differing('{b: 1}', '//- /w/configs/common-qa.yaml\n      a: {b: 2}')).toBe('(none)');
    expect(differing('1', '//- /w/configs/common-qa.yaml\n      a: !missing')).toBe('(none)');
    expect(differing('1', '')).toBe('(none)');
  });

  it('is told of several environments with all of their clusters', () => {
    const files = parseFixture(`
      //- /w/strata.yaml
      configs: [configs]
      apps: {shop: shop}
      environments: {a: , b: , c: , d: , e: , f: {clusters: [us, eu]}, g: , h: }
      //- /w/shop/deploy/configuration/shop-default.yaml
      x: 1
      //- /w/configs/common.yaml
      $0x: 5
      //- /w/configs/common-f.yaml
      x: 6
      //- /w/configs/common-b.yaml
      x: 7
      //- /w/shop/deploy/configuration/shop-default.yaml
      y: 1
    `);
    const { markdown } = hoverIn({ ...files, model: modelOf(files.files) }, context('shop', 'a')) ?? {};
    expect(markdown?.split('\n\n').find((part) => part.startsWith('Only'))).toMatchInlineSnapshot(
      `"Only f (\`6\`), b (\`7\`) differ from \`5\`."`,
    );
  });
});

describe('in the manifest', () => {
  /** The place and the text of the hover at `$0` of a manifest, over the same files always. */
  function inManifest(manifest: string): string {
    const fixture = parseFixture(`
      //- /w/configs/common.yaml
      a: 1
      //- /w/configs/common-qa.yaml
      a: 1
      //- /w/configs/common-production-eu.yaml
      a: 1
      //- /w/apps/shop/deploy/configuration/shop-qa.yaml
      a: 1
      //- /w/apps/site/deploy/configuration/site-default.yaml
      a: 1
      //- /w/strata.yaml
      ${manifest.startsWith('apps') ? '' : 'apps: ["apps/*"]'}
      ${manifest}
    `);
    const found = hoverIn({ ...fixture, model: modelOf(fixture.files) });
    const text = fixture.files.get('/w/strata.yaml') ?? '';
    if (found === undefined) return '(none)';
    const place = text.slice(found.range.start, found.range.end);
    return `[${place}] ${found.markdown.split('\n\n').slice(1).join(' / ')}`;
  }

  it('tells what a key means and which values it can have', () => {
    expect(inManifest('merge: {li$0sts: append}')).toMatchInlineSnapshot(
      `"[lists] What a list does to the list below it. \`!replace\` before a list always replaces. / One of \`append\` (default), \`replace\`."`,
    );
    expect(inManifest('yaml: 1.$01')).toMatchInlineSnapshot(
      `"[yaml] The YAML that the layers are written in. In 1.1, \`yes\` and \`on\` are booleans and \`012\` is octal. / One of \`1.2\` (default), \`1.1\`."`,
    );
    expect(inManifest('con$0figs: [configs]')).toMatchInlineSnapshot(
      `"[configs] The central config directories, which all apps share, lowest first. Paths are relative to the manifest."`,
    );
    expect(inManifest('environments: {production: {clus$0ters: [us, eu]}}')).toMatchInlineSnapshot(
      `"[clusters] The named parts of the environment."`,
    );
    expect(inManifest('apps: {shop: apps/sh$0op}')).toMatchInlineSnapshot(
      `"[shop] The app's folder; or a mapping with its \`folder\`, its \`build\` and its \`compression\`. / The app \`shop\`. 1 layer of its own: \`shop-qa.yaml\`."`,
    );
  });

  it.each([
    [
      'configs: [con$0figs]',
      '3 layers in this folder: `common-production-eu.yaml`, `common-qa.yaml`, `common.yaml`.',
    ],
    ['configs: [nowh$0ere]', 'No layer in this folder.'],
    ['apps: ["apps/$0*"]', 'Stands for 2 apps: `shop`, `site`.'],
    ['apps: {shop: {folder: apps/sh$0op}}', 'The app `shop`. 1 layer of its own: `shop-qa.yaml`.'],
    ['apps: {site: apps/no$0ne}', 'The app `site`. No layer of its own.'],
    ['environments: [q$0a]', '2 layers named for it: `common-qa.yaml`, `shop-qa.yaml`.'],
    [
      'environments: {produc$0tion: {clusters: [us, eu]}}',
      '1 layer named for it: `common-production-eu.yaml`.',
    ],
    [
      'environments: {production: {clusters: [us, e$0u]}}',
      '1 layer named for it: `common-production-eu.yaml`.',
    ],
    ['environments: {production: {clusters: [u$0s, eu]}}', 'No layer named for it.'],
  ])('tells what %s stands for', (manifest, expected) => {
    expect(inManifest(manifest).split(' / ').at(-1)).toBe(expected);
  });

  it.each([['unknown$0: 1'], ['$0'], ['environments: {qa: {cl$0s: 1}}'], ['configs: # $0']])(
    'says nothing at %s',
    (manifest) => {
      expect(inManifest(manifest)).toBe('(none)');
    },
  );
});
