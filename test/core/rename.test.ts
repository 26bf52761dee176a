import { describe, expect, it } from 'vitest';
import { prepareRename } from '../../core/features/rename/prepare.ts';
import { rename } from '../../core/features/rename/rename.ts';
import { applyEdits } from '../../core/text/edits.ts';
import { openBelow } from '../support/fixture.ts';

const manifest = `
  //- /w/strata.yaml
  configs: [configs]
  apps: {shop: shop, site: site}
  environments: {local: , qa: , production: {clusters: [us, eu]}}
  //- /w/site/deploy/configuration/site-default.yaml
  site: {}
`;

function open(text: string) {
  return openBelow(manifest, text);
}

/** The files that a rename changes, or why it is refused. */
function renamed(text: string, newName: string): string {
  const { files, cursor, model } = open(text);
  const result = rename(model, cursor.file, cursor.offset, newName);
  if ('refusal' in result) {
    const { message, at } = result.refusal;
    return `${message}${at ? ` (${at.file}:${model.lines(at.file).position(at.range.start).line + 1})` : ''}`;
  }
  const changed = [...files].filter(([file]) => result.edits.some((edit) => edit.file === file));
  return changed
    .map(([file, content]) => {
      const edits = result.edits.filter((edit) => edit.file === file);
      return `//- ${file.slice('/w/'.length)}\n${applyEdits(content, edits)}`;
    })
    .join('');
}

describe('rename', () => {
  it('of a central setting goes through every layer, app and list of public settings', () => {
    expect(
      renamed(
        `
      //- /w/configs/common.yaml
      common:
        db: # the database
          ho$0st:   one   # by night
          port: 1
      //- /w/configs/common-production.yaml
      common: {db: {'host': two}, host: other}
      //- /w/configs/site-qa.yaml
      "common.db.host": three
      //- /w/configs/shop.yaml
      common.db.host.: one key
      other: {db: {host: four}}
      //- /w/shop/deploy/configuration/shop-local.yaml
      common.db:
        host: five
      //- /w/site/deploy/configuration/public-data.yaml
      - common.db.host
      - 'common.db.host'
      - common.db.hostname
    `,
        'server',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      common:
        db: # the database
          server:   one   # by night
          port: 1
      //- configs/common-production.yaml
      common: {db: {'server': two}, host: other}
      //- configs/site-qa.yaml
      "common.db.server": three
      //- shop/deploy/configuration/shop-local.yaml
      common.db:
        server: five
      //- site/deploy/configuration/public-data.yaml
      - common.db.server
      - 'common.db.server'
      - common.db.hostname
      "
    `);
  });

  it('of an app its own setting goes through the layers of every context, and leaves other apps alone', () => {
    expect(
      renamed(
        `
      //- /w/shop/deploy/configuration/shop-qa.yaml
      port$0: 1
      //- /w/shop/deploy/configuration/shop-production-eu.yaml
      port: 2
      //- /w/shop/deploy/configuration/shop-build.yaml
      port: 3
      //- /w/configs/site.yaml
      port: 4
    `,
        'number',
      ),
    ).toMatchInlineSnapshot(`
      "//- shop/deploy/configuration/shop-qa.yaml
      number: 1
      //- shop/deploy/configuration/shop-production-eu.yaml
      number: 2
      //- shop/deploy/configuration/shop-build.yaml
      number: 3
      "
    `);
  });

  it('of a part of a dotted key changes only that part', () => {
    expect(
      renamed(
        `
      //- /w/configs/common.yaml
      db.host: 1
      d$0b.port: 2
      db: {name: x}
      //- /w/configs/site.yaml
      'db.host': 3
      //- /w/site/deploy/configuration/public-data.yaml
      [db.host, "db"]
    `,
        'data',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      data.host: 1
      data.port: 2
      data: {name: x}
      //- configs/site.yaml
      'data.host': 3
      //- site/deploy/configuration/public-data.yaml
      [data.host, "data"]
      "
    `);
  });

  it('starts from public data as well', () => {
    expect(
      renamed(
        `
      //- /w/configs/site.yaml
      db: {host: 1}
      //- /w/site/deploy/configuration/public-data.yaml
      - db.ho$0st
      - db
    `,
        'server',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/site.yaml
      db: {server: 1}
      //- site/deploy/configuration/public-data.yaml
      - db.server
      - db
      "
    `);
  });

  it('writes quotes where YAML needs them, in the style of the key', () => {
    const text = `
      //- /w/configs/common.yaml
      a$0: 1
      //- /w/configs/common-qa.yaml
      'a': 1
      //- /w/configs/common-local.json
      {"a": 1}
      //- /w/configs/common-production.yaml
      {a: 1}
      //- /w/configs/site.yaml
      a.b: 1
    `;
    expect(renamed(text, 'it\'s "x", #1')).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      "it's \\"x\\", #1": 1
      //- configs/common-qa.yaml
      'it''s "x", #1': 1
      //- configs/common-local.json
      {"it's \\"x\\", #1": 1}
      //- configs/common-production.yaml
      {"it's \\"x\\", #1": 1}
      //- configs/site.yaml
      "it's \\"x\\", #1.b": 1
      "
    `);
    expect(renamed(text, '# no')).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      "# no": 1
      //- configs/common-qa.yaml
      '# no': 1
      //- configs/common-local.json
      {"# no": 1}
      //- configs/common-production.yaml
      {"# no": 1}
      //- configs/site.yaml
      "# no.b": 1
      "
    `);
    expect(renamed(text, 'true')).toContain('common.yaml\ntrue: 1');
  });

  it('offers the part of the key without its quotes, and nothing elsewhere', () => {
    const prepared = (text: string) => {
      const { model, cursor, marks } = open(text);
      const found = prepareRename(model, cursor.file, cursor.offset);
      if (marks[0]) expect(found?.range).toEqual(marks[0].range);
      return found?.placeholder;
    };
    const layer = (text: string) => prepared(`\n      //- /w/configs/common.yaml\n${text}`);
    expect(layer('      "db.h$0ost": 1\n          ^^^^')).toBe('host');
    expect(layer('      db: o$0ne\n')).toBe(undefined);
    expect(layer('      # d$0b\n      db: 1\n')).toBe(undefined);
    expect(layer('      db: [{a$0: 1}]\n')).toBe(undefined);
    expect(prepared('\n      //- /w/shop/deploy/configuration/schema.json\n      {"a$0": 1}\n')).toBe(
      undefined,
    );
  });

  it.each([
    ['', 'the new name must not be empty'],
    ['  ', 'the new name must not be empty'],
    ['a.b', '`a.b` has a dot, which stands between the parts of a path: give one part'],
    ['a\nb', 'the new name must be one line of text'],
    ['taken', '`taken` is already there (/w/configs/site-qa.yaml:2)'],
  ])('refuses the name %j', (name, message) => {
    const text = `
      //- /w/configs/common.yaml
      a$0: 1
      //- /w/configs/site-qa.yaml
      x: 1
      taken: 1
    `;
    expect(renamed(text, name)).toBe(message);
  });

  it('of a name to itself changes nothing', () => {
    expect(renamed('\n      //- /w/configs/common.yaml\n      a$0: 1\n', 'a')).toBe('');
  });

  it.each([
    [
      'in the anchor',
      'x: &x {a$0: 1}\ny: *x\n',
      'an alias repeats `&x`, in which `x.a` stands (/w/configs/common.yaml:1)',
    ],
    [
      'through a merge key',
      'x: {a$0: 1}\n',
      '`x.a` comes through `<<` from here (/w/configs/common-qa.yaml:1)',
      'b: &b {a: 1}\nx: {<<: *b}\n',
    ],
    [
      'through an alias',
      'x: {a$0: 1}\n',
      '`x.a` comes through an alias of what stands here (/w/configs/common-qa.yaml:1)',
      'b: &b {a: 1}\nx: *b\n',
    ],
    [
      'that hides another',
      'x: {a$0: 1}\n',
      'renaming `x.a` would change more than its name in this file (/w/configs/common-qa.yaml:2)',
      'b: &b {a: 1}\nx: {<<: *b, a: 2}\n',
    ],
    [
      'in a broken layer',
      'x: {a$0: 1}\n',
      'this layer cannot be read as it stands: mend it first (/w/configs/common-qa.yaml:2)',
      'x: {a: "1}\n',
    ],
    [
      'that the renderer gives',
      'yoconfigurator: {app$0: shop}\n',
      '`yoconfigurator.app` is given by the renderer itself',
    ],
    [
      'that the renderer has',
      'yoconfigurator: {a$0: shop}\n',
      '`yoconfigurator.app` is given by the renderer itself',
      '',
      'app',
    ],
  ])('refuses a key %s', (_, common, message, qa = '', name = 'b') => {
    const indent = (text: string) => text.replace(/^(?=.)/gm, '      ');
    const text = `\n      //- /w/configs/common.yaml\n${indent(common)}      //- /w/configs/common-qa.yaml\n${indent(qa)}`;
    expect(renamed(text, name)).toBe(message);
  });
});
