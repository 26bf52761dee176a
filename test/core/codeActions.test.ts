import { describe, expect, it } from 'vitest';
import type { ActionRequest } from '../../core/features/actions/action.ts';
import { lint } from '../../core/features/lint.ts';
import { actionsAt, changed } from '../support/actions.ts';
import { modelOf, openBelow, parseFixture } from '../support/fixture.ts';

const manifest = `
  //- /w/strata.yaml
  configs: [configs]
  apps: {shop: shop, site: site}
  environments: {local: , qa: , staging: , production: {clusters: [us, eu]}}
  //- /w/site/deploy/configuration/site-default.yaml
  site: {}
`;

type More = Partial<ActionRequest>;

function open(text: string) {
  return openBelow(manifest, text);
}

/** The titles of what can be done at the cursor; the preferred ones with a star. */
function titles(text: string, more: More = {}): string[] {
  const { cursor, model } = open(text);
  const found = actionsAt(model, cursor.file, cursor.offset, more);
  return found.map(({ title, preferred }) => (preferred ? `* ${title}` : title));
}

/** The files that an action changes, as they are then; the problems that are new. */
function acted(text: string, title: string | RegExp, more: More = {}): string {
  const { files, cursor, model } = open(text);
  const found = actionsAt(model, cursor.file, cursor.offset, more);
  const action = found.find((one) =>
    typeof title === 'string' ? one.title === title : title.test(one.title),
  );
  if (action === undefined) return `not among ${found.map((one) => one.title).join(' | ')}`;
  const change = action.change();
  if (change === undefined) return 'refused';
  const now = changed(files, change);
  const before = new Set(lint(model).map(({ code, setting, file }) => `${code} ${setting} ${file}`));
  const fresh = lint(modelOf(now)).filter(
    ({ code, setting, file }) => !before.has(`${code} ${setting} ${file}`),
  );
  const texts = [...now].filter(([file, content]) => files.get(file) !== content);
  const gone = [...files.keys()].filter((file) => !now.has(file));
  return [
    ...texts.map(([file, content]) => `//- ${file.slice('/w/'.length)}\n${content}`),
    ...gone.map((file) => `// gone: ${file.slice('/w/'.length)}\n`),
    ...fresh.map((one) => `// new: ${one.code} ${one.setting}\n`),
  ].join('');
}

describe('a redundant setting', () => {
  it('goes with its own comment and the mappings that would be empty', () => {
    const text = `
      //- /w/configs/common.yaml
      db: {pool: {size: 5}, host: x}
      //- /w/configs/common-qa.yaml
      # This file is for qa.

      db:
        # pools

        pool:
          # as everywhere
          si$0ze: 5 # five
      other: 1
    `;
    expect(titles(text, { only: ['quickfix'] })).toEqual(['* Remove the redundant setting']);
    expect(acted(text, 'Remove the redundant setting')).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      # This file is for qa.

      other: 1
      "
    `);
  });

  it('leaves a comment that may be about its neighbours, and takes the comma along', () => {
    const text = `
      //- /w/configs/common.yaml
      a: 1
      b: {c: 1, d: 2, e: 3}
      //- /w/configs/common-qa.yaml
      # the top
      a: 1
      # both
      b: {c: 1, d: 3, e: 3} # flow
    `;
    expect(
      acted(text.replace('a: 1\n      # both', '$0a: 1\n      # both'), 'Remove the redundant setting'),
    ).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      # the top
      # both
      b: {c: 1, d: 3, e: 3} # flow
      "
    `);
    expect(
      acted(text.replace('{c: 1, d: 3', '{$0c: 1, d: 3'), 'Remove the redundant setting'),
    ).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      # the top
      a: 1
      # both
      b: {d: 3, e: 3} # flow
      "
    `);
    expect(
      acted(text.replace('e: 3} #', '$0e: 3} #'), 'Remove the redundant setting'),
    ).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      # the top
      a: 1
      # both
      b: {c: 1, d: 3} # flow
      "
    `);
    expect(
      acted(text.replace('e: 3} #', '$0e: 3} #'), 'Remove all redundant settings in this file'),
    ).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      # the top
      # both
      b: {d: 3} # flow
      "
    `);
  });

  it('is found in all of a file for the fixes on saving', () => {
    const text = `
      //- /w/configs/common.yaml
      a: 1
      b: {c: 1, d: 2}
      //- /w/configs/common-production.yaml
      $0a: 1
      b:
        c: 1
        d: 3
      e: 1
    `;
    expect(titles(text, { problems: [], only: ['source.fixAll'] })).toEqual([
      'Remove all redundant settings in this file',
    ]);
    expect(titles(text, { problems: [] }).filter((one) => one.includes('redundant'))).toEqual([]);
    expect(acted(text, /all redundant/, { only: ['source'] })).toMatchInlineSnapshot(`
      "//- configs/common-production.yaml
      b:
        d: 3
      e: 1
      "
    `);
  });

  it('goes from JSON with its line and the comma before it', () => {
    expect(
      acted(
        `
      //- /w/configs/common.yaml
      a: 1
      //- /w/configs/common-qa.json
      {
        "b": 2,
        "$0a": 1
      }
    `,
        'Remove the redundant setting',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common-qa.json
      {
        "b": 2
      }
      "
    `);
  });
});

describe('a mistyped word', () => {
  it('is changed to the key that is meant, its quotes kept', () => {
    const common = `
      //- /w/configs/common.yaml
      common: {timeout: 1, retries: 2}
      //- /w/configs/common-qa.yaml
    `;
    expect(
      acted(`${common}  common:\n        'tim$0out': 2 # slow\n`, 'Change to `timeout`'),
    ).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      common:
        'timeout': 2 # slow
      "
    `);
    expect(acted(`${common}  common.tim$0out: 2\n`, 'Change to `timeout`')).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      common.timeout: 2
      "
    `);
  });

  it('may be a tag or a key of the manifest', () => {
    expect(
      acted(
        `
      //- /w/configs/common.yaml
      a: $0!delete
    `,
        'Change to `!deleted`',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      a: !deleted
      "
    `);
    const { files, cursor } = parseFixture(`
      //- /w/strata.yaml
      config$0: [configs]
    `);
    const model = modelOf(files);
    const [action] = actionsAt(model, cursor.file, cursor.offset);
    expect(changed(files, action!.change()!).get('/w/strata.yaml')).toBe('configs: [configs]\n');
  });
});

describe('a value of another type', () => {
  const converted = (below: string, value: string) => {
    const { files, model } = open(`
      //- /w/configs/common.yaml
      a: ${below}
      //- /w/configs/common-qa.yaml
      a: ${value} # why
    `);
    const offset = files.get('/w/configs/common-qa.yaml')!.indexOf(value);
    const [action] = actionsAt(model, '/w/configs/common-qa.yaml', offset, { only: ['quickfix'] });
    const change = action?.change();
    return (
      change && [action?.title, action?.preferred, changed(files, change).get('/w/configs/common-qa.yaml')]
    );
  };

  it('is written in the type of the layer below', () => {
    expect(converted('1', '"80"')).toEqual(['Make it an integer', true, 'a: 80 # why\n']);
    expect(converted('1', '2.0')).toEqual(['Make it an integer', true, 'a: 2 # why\n']);
    expect(converted('x', '80')).toEqual(['Make it a string', true, 'a: "80" # why\n']);
    expect(converted('x', 'true')).toEqual(['Make it a string', true, 'a: "true" # why\n']);
    expect(converted('1.5', '1')).toEqual(['Make it a float', true, 'a: 1.0 # why\n']);
    expect(converted('1.5', "'2.5'")).toEqual(['Make it a float', true, 'a: 2.5 # why\n']);
    expect(converted('false', 'yes')).toEqual(['Make it a boolean', true, 'a: true # why\n']);
    expect(converted('[a]', 'x')).toEqual(['Make it a list', true, 'a: [x] # why\n']);
    expect(converted('[a]', 'x, y')).toEqual(['Make it a list', true, 'a: ["x, y"] # why\n']);
  });

  it('stays where it means nothing in that type', () => {
    expect(converted('1', 'eighty')).toBe(undefined);
    expect(converted('1', '1.5')).toBe(undefined);
    expect(converted('false', '2')).toBe(undefined);
    expect(converted('{b: 1}', 'x')).toBe(undefined);
    expect(converted('x', '{b: 1}')).toBe(undefined);
  });
});

describe('a value that nobody gives', () => {
  const text = `
      //- /w/shop/deploy/configuration/shop-default.yaml
      shop:
        db:
          host: $0!missing "ask"
      //- /w/shop/deploy/configuration/shop-local.yaml
      shop.db.host: "here" # local
      //- /w/shop/deploy/configuration/shop-production.yaml
      shop:
          db:
              port: 1 # the port
          # end
      //- /w/shop/deploy/configuration/shop-qa.yaml
      shop: {db: {port: 2}}
  `;

  it('can be given in every layer above and in a new one', () => {
    expect(titles(text, { only: ['quickfix'] })).toMatchInlineSnapshot(`
      [
        "Give the value in \`shop-production.yaml\`",
        "Give the value in \`shop-qa.yaml\`",
        "Give the value in a new file \`shop-staging.yaml\`",
      ]
    `);
    expect(acted(text, 'Give the value in `shop-production.yaml`')).toMatchInlineSnapshot(`
      "//- shop/deploy/configuration/shop-production.yaml
      shop:
          db:
              port: 1 # the port
              host: "here"
          # end
      "
    `);
    expect(acted(text, 'Give the value in `shop-qa.yaml`')).toMatchInlineSnapshot(`
      "//- shop/deploy/configuration/shop-qa.yaml
      shop: {db: {port: 2, host: "here"}}
      "
    `);
    expect(acted(text, /new file/)).toMatchInlineSnapshot(`
      "//- shop/deploy/configuration/shop-staging.yaml
      shop:
        db:
          host: "here"
      // new: environment-gap shop.db.port
      "
    `);
    expect(
      titles(text, { files: { create: false, rename: false, delete: false } }).some((one) =>
        one.includes('new file'),
      ),
    ).toBe(false);
  });

  it('can be given in place where all that read it lack it', () => {
    expect(
      acted(
        `
      //- /w/configs/common-qa.yaml
      a: $0!missing # ask
      //- /w/configs/common-local.yaml
      a: [1, 2]
    `,
        'Give the value here',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      a: [1, 2] # ask
      "
    `);
  });
});

describe('a gap', () => {
  const text = `
      //- /w/configs/common-qa.yaml
      co$0mmon:
        a: 1
      //- /w/configs/common-staging.yaml
      common:
        a: 2
        b:
          c: x # so
          d: [1, 2]
      //- /w/configs/common-production.yaml
      common: {a: 1, b: {c: y, d: []}}
  `;

  it('is filled as other environments have it, or said to be meant', () => {
    expect(titles(text, { only: ['quickfix'] })).toMatchInlineSnapshot(`
      [
        "Give \`common.b\` in qa as in staging: {"c": "x", "d": [1, 2]}",
        "Give \`common.b\` in qa as in production: {"c": "y", "d": []}",
        "Say that qa goes without it (\`!deleted\`)",
      ]
    `);
    expect(acted(text, /as in staging/)).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      common:
        a: 1
        b:
          c: x # so
          d: [1, 2]
      "
    `);
    expect(acted(text, /as in production/)).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      common:
        a: 1
        b: {c: y, d: []}
      "
    `);
    expect(acted(text, /deleted/)).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      common:
        a: 1
        b: !deleted
      "
    `);
  });

  it('is filled from the setting that is there', () => {
    const other = text.replace('$0', '').replace('c: x', '$0c: x');
    expect(titles(other, { only: ['refactor'] })).toMatchInlineSnapshot(`
      [
        "Give \`common.b.c\` in qa too, in \`common-qa.yaml\`",
      ]
    `);
    expect(acted(other, /in qa too/)).toMatchInlineSnapshot(`
      "//- configs/common-qa.yaml
      common:
        a: 1
        b:
          c: x # so
      // new: environment-gap common.b.d
      "
    `);
  });
});

describe('other fixes', () => {
  it('rename a file that nothing loads, if the name is free', () => {
    expect(
      acted(
        `
      //- /w/configs/common-prodution.yaml
      $0a: 1
    `,
        'Rename to `common-production.yaml`',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common-production.yaml
      a: 1
      // gone: configs/common-prodution.yaml
      "
    `);
    expect(
      titles(
        `
      //- /w/configs/common-prodution.yaml
      $0a: 1
      //- /w/configs/common-production.json
      {"a": 1}
    `,
        { only: ['quickfix'] },
      ),
    ).toEqual([]);
    expect(
      acted(
        `
      //- /w/configs/common-prodution.yaml
      $0# why
      a: {b: 1}
      c: # it
        # deep
        d: 1
      //- /w/configs/common-production.yaml
      c:
          e: 1
    `,
        /delete this file/,
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common-production.yaml
      c:
          e: 1
          # deep
          d: 1
      a: {b: 1}
      // gone: configs/common-prodution.yaml
      "
    `);
  });

  it('remove a key that is given twice', () => {
    expect(
      acted(
        `
      //- /w/configs/common.yaml
      a:
        b: 1
      # again
      $0a:
        c: 1

      d: {e: 1, f: 2}
    `,
        'Remove this second one',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      a:
        b: 1

      d: {e: 1, f: 2}
      "
    `);
    expect(
      acted(
        `
      //- /w/configs/common.yaml
      d: {e: 1, f: 2, $0e: 3}
    `,
        'Remove this second one',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      d: {e: 1, f: 2}
      "
    `);
    expect(
      acted(
        `
      //- /w/configs/common.yaml
      d:
        e: 1
      d.$0e: 2
    `,
        'Remove this second one',
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      d:
        e: 1
      "
    `);
  });

  it('mend public data', () => {
    const text = `
      //- /w/shop/deploy/configuration/shop-default.yaml
      shop: {title: x, host: y}
      //- /w/shop/deploy/configuration/public-data.yaml
    `;
    expect(titles(`${text}  - shop.title\n      # gone\n      - '$0shop.titel'\n`)).toEqual([
      '* Change to `shop.title`',
      'Remove the entry',
    ]);
    expect(
      acted(`${text}  - shop.title\n      # gone\n      - '$0shop.hots'\n`, 'Change to `shop.host`'),
    ).toMatchInlineSnapshot(`
      "//- shop/deploy/configuration/public-data.yaml
      - shop.title
      # gone
      - 'shop.host'
      "
    `);
    expect(
      acted(`${text}  - shop.title\n      # gone\n      - '$0shop.hots'\n`, 'Remove the entry'),
    ).toMatchInlineSnapshot(`
      "//- shop/deploy/configuration/public-data.yaml
      - shop.title
      "
    `);
    expect(acted(`${text}  [shop.title, $0shop.x, shop.host]\n`, 'Remove the entry')).toMatchInlineSnapshot(`
      "//- shop/deploy/configuration/public-data.yaml
      [shop.title, shop.host]
      "
    `);
    expect(acted(`${text}  [shop.title, $0shop.x]\n`, 'Remove the entry')).toMatchInlineSnapshot(`
      "//- shop/deploy/configuration/public-data.yaml
      [shop.title]
      "
    `);
  });

  it('put spaces in place of tabs', () => {
    expect(
      acted(
        '\n      //- /w/configs/common.yaml\n      a:\n      \t$0b: 1\n      \tc:\n      \t\td: "\t"\n',
        /tabs/,
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      a:
        b: 1
        c:
          d: "	"
      "
    `);
  });
});
