import { describe, expect, it } from 'vitest';
import { declaration } from '../../core/features/declaration.ts';
import { type Definition, definition } from '../../core/features/definition.ts';
import { hover } from '../../core/features/hover.ts';
import { implementation } from '../../core/features/implementation.ts';
import { references } from '../../core/features/references.ts';
import { context } from '../../core/layers/context.ts';
import { modelOf, openBelow, shopManifest } from '../support/fixture.ts';

const chosen = context('shop', 'production', { cluster: 'eu' });

function open(text: string) {
  return openBelow(shopManifest, text);
}

type Opened = ReturnType<typeof open>;

/** The labels of the marks that the places stand on, with their files; a place without a mark by its offset. */
function labels({ marks }: Opened, places: readonly Definition[] | undefined): string[] {
  return (places ?? []).map(({ file, keyRange }) => {
    const mark = marks.find((one) => one.file === file && one.range.start === keyRange.start);
    if (mark) expect(keyRange).toEqual(mark.range);
    return `${mark?.label ?? keyRange.start} (${file.slice(file.lastIndexOf('/') + 1)})`;
  });
}

const layers = `
      //- /w/configs/common.yaml
      common:
        db: {host: one, port: 1}
             ^^^^ lowest
      //- /w/configs/common-qa.yaml
      common.db.host: two
                ^^^^ qa
      //- /w/configs/common-production.yaml
      common: {db: {host: three}}
                    ^^^^ production
      //- /w/configs/common-production-eu.yaml
      common: {db: {host: four}}
                    ^^^^ eu
      //- /w/configs/site.yaml
      common: {db: {host: five}}
                    ^^^^ site
      //- /w/configs/site-qa.yaml
      common: {db: {port: 2}}
`;

describe('declaration', () => {
  const find = (opened: Opened) => {
    const { model, cursor } = opened;
    return labels(opened, declaration(model, cursor.file, cursor.offset, chosen)?.definitions);
  };

  it('is the lowest layer of the active context that has the setting', () => {
    expect(find(open(layers.replace('ho', 'h$0o')))).toEqual(['lowest (common.yaml)']);
    expect(find(open(layers.replace('four', 'fo$0ur')))).toEqual(['lowest (common.yaml)']);
  });

  it('is that of another environment where the active one does not have the setting', () => {
    expect(
      find(
        open(
          `
      //- /w/configs/common-qa.yaml
      only.q$0a: 1
           ^^ low
      //- /w/configs/shop-qa.yaml
      only: {qa: 2}
    `.replace('q$0a', 'q$0a'),
        ),
      ),
    ).toEqual(['low (common-qa.yaml)']);
  });

  it('is found from a list of public settings', () => {
    expect(
      find(
        open(`${layers}
      //- /w/shop/deploy/configuration/public-data.yaml
      - common.d$0b.host
    `),
      ),
    ).toEqual(['lowest (common.yaml)']);
  });
});

describe('implementation', () => {
  const find = (opened: Opened) => {
    const { model, cursor } = opened;
    return labels(opened, implementation(model, cursor.file, cursor.offset, chosen)?.definitions);
  };

  it('is every layer above, in any context that reads this one, the active context first', () => {
    expect(find(open(layers.replace('one', 'o$0ne')))).toEqual([
      'eu (common-production-eu.yaml)',
      'production (common-production.yaml)',
      'qa (common-qa.yaml)',
      'site (site.yaml)',
    ]);
  });

  it('leaves out what lies below', () => {
    expect(find(open(layers.replace('three', 'th$0ree')))).toEqual([
      'eu (common-production-eu.yaml)',
      'site (site.yaml)',
    ]);
  });

  it('counts a layer that takes away a mapping above', () => {
    expect(
      find(
        open(`
      //- /w/configs/common.yaml
      a: {b$0: 1}
      //- /w/configs/common-qa.yaml
      a: !deleted
      ^ deletes
    `),
      ),
    ).toEqual(['deletes (common-qa.yaml)']);
  });
});

describe('references', () => {
  const find = (opened: Opened, includeDeclaration = true) => {
    const { model, cursor } = opened;
    return labels(opened, references(model, cursor.file, cursor.offset, { chosen, includeDeclaration }));
  };
  const all = [
    'eu (common-production-eu.yaml)',
    'production (common-production.yaml)',
    'qa (common-qa.yaml)',
    'lowest (common.yaml)',
    'site (site.yaml)',
  ];

  it('of a shared setting are the layers of every app', () => {
    expect(find(open(layers.replace('one', 'o$0ne'))).sort()).toEqual(all.toSorted());
    expect(find(open(layers.replace('one', 'o$0ne')), false).sort()).toEqual(
      all.filter((one) => !one.startsWith('lowest')).sort(),
    );
  });

  it('of a setting in a layer of one app are those of that app', () => {
    const found = find(open(layers.replace('five', 'fi$0ve')));
    expect(found).toContain('site (site.yaml)');
    const shop = find(
      open(`
      //- /w/configs/shop.yaml
      x$0: 1
      ^ shop
      //- /w/configs/site.yaml
      x: 2
    `),
    );
    expect(shop).toEqual(['shop (shop.yaml)']);
  });

  it('are entries of public data, by the part that names the setting', () => {
    const text = `
      //- /w/configs/common.yaml
      common: {d$0b: {host: 1}}
               ^^ key
      //- /w/shop/deploy/configuration/public-data.yaml
      - common.db.host
               ^^ part
      - common.dbs
      //- /w/site/deploy/configuration/public-data.yaml
      - "common.db"
        ^^^^^^^^^^^ quoted
    `;
    expect(find(open(text))).toEqual([
      'key (common.yaml)',
      'part (public-data.yaml)',
      'quoted (public-data.yaml)',
    ]);
  });

  it('are found from an entry of public data', () => {
    const text = `
      //- /w/configs/common.yaml
      common: {db: 1}
               ^^ key
      //- /w/site/deploy/configuration/site-qa.yaml
      common: {db: 2}
      //- /w/shop/deploy/configuration/public-data.yaml
      - common$0.db
               ^^ entry
    `;
    expect(find(open(text))).toEqual(['key (common.yaml)', 'entry (public-data.yaml)']);
  });

  it('are all places of a mapping that dotted keys give, and quoted keys', () => {
    const text = `
      //- /w/configs/common.yaml
      d$0b.host: 1
      ^^ first
      other: 2
      db.port: 3
      ^^ second
      //- /w/configs/common-qa.yaml
      "db": {}
      ^^^^ quoted
    `;
    expect(find(open(text)).sort()).toEqual([
      'first (common.yaml)',
      'quoted (common-qa.yaml)',
      'second (common.yaml)',
    ]);
    expect(find(open(text.replace('$0', '').replace('db.port', 'd$0b.port')))).toHaveLength(3);
  });

  it('keep their places with Windows line ends and characters of two units', () => {
    const opened = open(`
      //- /w/configs/common.yaml
      "😀": {"a😀": 1, key$0: 2}
      //- /w/configs/common-qa.yaml
      "😀": {"a😀": 1, key: 2}
    `);
    for (const [file, text] of opened.files)
      opened.files.set(file, `# 😀\r\n${text.replaceAll('\n', '\r\n')}`);
    const model = modelOf(opened.files);
    const found = references(model, opened.cursor.file, opened.cursor.offset + 6, {
      chosen,
      includeDeclaration: true,
    });
    const texts = found?.map(({ file, keyRange }) =>
      opened.files.get(file)?.slice(keyRange.start, keyRange.end),
    );
    expect(texts).toEqual(['key', 'key']);
  });
});

describe('in a list of public settings', () => {
  const text = `
      //- /w/configs/common.yaml
      common: {db: 1}
               ^^ low
      //- /w/configs/common-production.yaml
      common: {db: 2}
               ^^ high
      //- /w/shop/deploy/configuration/public-data.yaml
      - com$0mon.db
  `;

  it('hover shows the setting everywhere', () => {
    const { model, cursor } = open(text);
    const found = hover(model, cursor.file, cursor.offset, { chosen, linkTo: (file) => file });
    expect(found?.range).toEqual({ start: 2, end: 11 });
    expect(found?.markdown).toContain('**common.db** · shop');
    expect(found?.markdown).toContain('| production/us, production/eu | `2` |');
  });

  it('definition leads to the winner first', () => {
    const opened = open(text);
    const found = definition(opened.model, opened.cursor.file, opened.cursor.offset, chosen);
    expect(labels(opened, found?.definitions)).toEqual([
      'high (common-production.yaml)',
      'low (common.yaml)',
    ]);
  });
});

describe('an alias', () => {
  it('is the setting that it stands for', () => {
    const { model, cursor } = open(`
      //- /w/configs/common.yaml
      a: &x {b: 1}
      c: *$0x
    `);
    const found = hover(model, cursor.file, cursor.offset, { chosen, linkTo: (file) => file });
    expect(found?.markdown).toContain('**c** · shop');
  });
});

it('keys of the manifest are no settings', () => {
  const { model } = open('');
  const found = hover(model, '/w/strata.yaml', 1, { chosen, linkTo: (file) => file });
  expect(found?.markdown).not.toContain('effective value');
  expect(definition(model, '/w/strata.yaml', 1, chosen)).toBeUndefined();
});

it('a dotted key in quotes is its last part', () => {
  const { model, cursor } = open(`
      //- /w/configs/common.yaml
      "a.b$0": 1
  `);
  const found = hover(model, cursor.file, cursor.offset, { chosen, linkTo: (file) => file });
  expect(found?.markdown).toContain('**a.b** · shop');
});
