import { describe, expect, it } from 'vitest';
import { actionsAt, changed } from '../support/actions.ts';
import { openBelow, shopManifest } from '../support/fixture.ts';

const only = ['refactor'];

function titles(text: string): string[] {
  const { cursor, model } = openBelow(shopManifest, text);
  return actionsAt(model, cursor.file, cursor.offset, { only, problems: [] }).map(({ title }) => title);
}

/** The files that an action changes, as they are then. */
function done(text: string, title: string | RegExp): string {
  const { files, cursor, model } = openBelow(shopManifest, text);
  const found = actionsAt(model, cursor.file, cursor.offset, { only, problems: [] });
  const action = found.find((one) =>
    typeof title === 'string' ? one.title === title : title.test(one.title),
  );
  if (action === undefined) return `not among ${found.map((one) => one.title).join(' | ')}`;
  const change = action.change();
  if (change === undefined) return 'refused';
  const now = changed(files, change);
  const texts = [...now].filter(([file, content]) => files.get(file) !== content);
  return texts.map(([file, content]) => `//- ${file.slice('/w/'.length)}\n${content}`).join('');
}

describe('moving a setting', () => {
  const text = `
      //- /w/configs/common.yaml
      # All of us.

      db: # base
          name: x   # the name

          # end
      other: 1
      //- /w/configs/common-qa.yaml
      db:
        # hosts
        # in order
        ho$0sts: # two
          - a: 1 # one
            b: {c: 1}
          # then
          -
            deep:
              - x
          - |
            # text
              more

          - "q"
        # next
        port: 1
      //- /w/configs/common-overrides.yaml
      {other: 2}
  `;

  it('is offered for the layers of the context that say nothing of it', () => {
    expect(titles(text)).toMatchInlineSnapshot(`
      [
        "Give \`db.hosts\` in production too, in a new file \`common-production.yaml\`",
        "Move \`db.hosts\` to \`common.yaml\`",
        "Copy \`db.hosts\` to \`common.yaml\`",
        "Move \`db.hosts\` to \`common-overrides.yaml\`",
        "Copy \`db.hosts\` to \`common-overrides.yaml\`",
        "Move \`db.hosts\` to \`shop-default.yaml\`",
        "Copy \`db.hosts\` to \`shop-default.yaml\`",
      ]
    `);
    expect(titles(text.replace('other: 1', 'db.hosts: []'))).toMatchInlineSnapshot(`
      [
        "Replace the list below (\`!replace\`)",
        "Move \`db.hosts\` to \`common-overrides.yaml\`",
        "Copy \`db.hosts\` to \`common-overrides.yaml\`",
        "Move \`db.hosts\` to \`shop-default.yaml\`",
        "Copy \`db.hosts\` to \`shop-default.yaml\`",
      ]
    `);
  });

  it('takes its comments along and keeps the way both files are written', () => {
    expect(done(text, 'Move `db.hosts` to `common.yaml`')).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      # All of us.

      db: # base
          name: x   # the name
          # hosts
          # in order
          hosts: # two
              - a: 1 # one
                b: {c: 1}
              # then
              -
                deep:
                    - x
              - |
                # text
                  more

              - "q"

          # end
      other: 1
      //- configs/common-qa.yaml
      db:
        # next
        port: 1
      "
    `);
    expect(done(text, 'Copy `db.hosts` to `shop-default.yaml`')).toMatchInlineSnapshot(`
      "//- shop/deploy/configuration/shop-default.yaml
      shop: {}
      db:
        # hosts
        # in order
        hosts: # two
          - a: 1 # one
            b: {c: 1}
          # then
          -
            deep:
              - x
          - |
            # text
              more

          - "q"
      "
    `);
  });

  it('works with other line ends, letters and ways to indent', () => {
    const inset = (text: string) => `      ${text.replaceAll('\n', '\n      ')}`;
    const moved = (common: string, qa: string) =>
      done(
        `
      //- /w/configs/common.yaml
${inset(common)}
      //- /w/configs/common-qa.yaml
${inset(qa)}
`,
        /^Move .* to .common.yaml.$/,
      );
    const crlf = moved('a:\r\n    x: 1\r', 'a:\r\n  # c\r\n  $0b: |\r\n    one\r\n  d: 1\r');
    expect(crlf.replaceAll('\r\n', '~\n')).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      a:~
          x: 1~
          # c~
          b: |~
            one~
      //- configs/common-qa.yaml
      a:~
        d: 1~
      "
    `);
    expect(moved('ä: {ö: "ü"}', 'ä: {$0日本: "a: b", c: 1}')).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      ä: {ö: "ü", 日本: "a: b"}
      //- configs/common-qa.yaml
      ä: {c: 1}
      "
    `);
    expect(moved('a:\n    b: 1', 'a:\n  $0l:\n  - x:\n    - z\n  - >-\n    more')).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      a:
          b: 1
          l:
          - x:
            - z
          - >-
            more
      //- configs/common-qa.yaml
      "
    `);
    expect(moved('a: # nothing yet\nb: 1', 'a:\n  $0c: 2')).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      a: # nothing yet
        c: 2
      b: 1
      //- configs/common-qa.yaml
      "
    `);
    expect(moved('x: 1', '? $0a\n: b')).toMatch(/^not among $/);
  });

  it('is refused where a comment would be lost', () => {
    expect(done(text, 'Move `db.hosts` to `common-overrides.yaml`')).toBe('refused');
  });

  it('is not offered for what aliases repeat or stand for', () => {
    const other = (value: string, rest = '') =>
      titles(`
      //- /w/configs/common.yaml
      z: 1
      //- /w/configs/common-qa.yaml
      x: &x {y: 1}
      $0a: ${value}
      ${rest}
    `);
    expect(other('&b {c: 1}').filter((one) => one.startsWith('Move'))).toEqual([]);
    expect(other('*x')).toEqual([]);
    expect(
      done(
        `
      //- /w/configs/common.yaml
      z: 1
      //- /w/configs/common-qa.yaml
      x: &x
        $0y: 1
      a: *x
    `,
        'Move `x.y` to `common.yaml`',
      ),
    ).toBe('refused');
    expect(
      titles(`
      //- /w/configs/common.yaml
      z: 1
      //- /w/configs/common-qa.yaml
      x: &x {y: 1}
      a: {<<: *x, $0b: 1}
    `).filter((one) => one.startsWith('Move')),
    ).not.toEqual([]);
  });

  it('writes into braces, JSON, empty files and files of comments', () => {
    const into = (file: string, content: string, setting = 'a.$0b: {c: [x, "y: z"], d: ~}') =>
      done(
        `
      //- /w/configs/common-qa.yaml
      ${setting}
      //- /w/configs/${file}
${content}`,
        new RegExp(`^Copy .* to .${file}.$`),
      ).replace(/^.*\n/, '');
    const json = '      {\n        "a": {"x": 1},\n        "z": [\n          1\n        ]\n      }\n';
    expect(into('common.json', json.replace('"a"', '"k"'))).toMatchInlineSnapshot(`
      "{
        "k": {"x": 1},
        "z": [
          1
        ],
        "a": {"b": {"c": ["x", "y: z"], "d": null}}
      }
      "
    `);
    expect(into('common.json', '      {}\n')).toMatchInlineSnapshot(`
      "{
        "a": {"b": {"c": ["x", "y: z"], "d": null}}
      }
      "
    `);
    expect(into('common.json', '      {"a": {}}\n')).toMatchInlineSnapshot(`
      "{"a": {
        "b": {"c": ["x", "y: z"], "d": null}
      }}
      "
    `);
    expect(into('common.yaml', '')).toBe('a:\n  b: {c: [x, "y: z"], d: ~}\n');
    expect(into('common.yaml', '      # nothing yet\n')).toMatchInlineSnapshot(`
      "# nothing yet
      a:
        b: {c: [x, "y: z"], d: ~}
      "
    `);
    expect(into('common.yaml', '      ---\n      # nothing yet\n      ...\n')).toMatchInlineSnapshot(`
      "---
      # nothing yet
      a:
        b: {c: [x, "y: z"], d: ~}
      ...
      "
    `);
    expect(
      into('common.yaml', '      --- # marked\n      x: 1\n\n      # end\n      ...\n'),
    ).toMatchInlineSnapshot(`
      "--- # marked
      x: 1
      a:
        b: {c: [x, "y: z"], d: ~}

      # end
      ...
      "
    `);
    expect(into('common.yaml', '      a: {x: 1,} # flow\n')).toMatchInlineSnapshot(`
      "a: {x: 1, b: {c: [x, "y: z"], d: ~}} # flow
      "
    `);
    expect(
      into('common.yaml', '      a: {\n        x: 1, # one\n        y: 2 # two\n      }\n'),
    ).toMatchInlineSnapshot(`
      "a: {
        x: 1, # one
        y: 2, # two
        b: {c: [x, "y: z"], d: ~}
      }
      "
    `);
    expect(into('common.yaml', '      "a":\n      "x": 1\n')).toMatchInlineSnapshot(`
      ""a":
        b: {c: [x, "y: z"], d: ~}
      "x": 1
      "
    `);
    expect(into('common.yaml', '      a.x: 1\n      z: |+\n        x\n\n')).toMatchInlineSnapshot(`
      "a.x: 1
      a.b: {c: [x, "y: z"], d: ~}
      z: |+
        x

      "
    `);
    expect(into('common.yaml', '      "x": |+\n        x\n\n')).toMatchInlineSnapshot(`
      ""x": |+
        x

      "a":
        b: {c: [x, "y: z"], d: ~}
      "
    `);
    expect(into('common.yaml', '      x: 1', 'e.$0f: !deleted')).toMatchInlineSnapshot(`
      "x: 1
      e:
        f: !deleted"
    `);
  });
});

describe('what environments share', () => {
  const text = `
      //- /w/configs/common.yaml
      a: 1
      //- /w/configs/common-local.yaml
      b: 3
      //- /w/configs/common-qa.yaml
      # of qa

      # the same
      $0b: 2 # two

      c: 1
      //- /w/configs/common-production.yaml
      d:
        # another
        e: 1
      # the same
      b: 2
  `;

  it('is given once, in the layer below', () => {
    expect(titles(text).slice(0, 1)).toEqual(['Give `b` once, in `common.yaml`']);
    expect(done(text, /once/)).toMatchInlineSnapshot(`
      "//- configs/common.yaml
      a: 1
      # the same
      b: 2 # two
      //- configs/common-qa.yaml
      # of qa


      c: 1
      //- configs/common-production.yaml
      d:
        # another
        e: 1
      "
    `);
  });

  it('stays where some context would be another', () => {
    expect(titles(text.replace('b: 3', 'd: 3')).filter((one) => one.includes('once'))).toEqual([]);
    expect(titles(text.replace('b: 2\n  ', 'b: 3\n  ')).filter((one) => one.includes('once'))).toEqual([]);
    expect(titles(text.replace('a: 1', 'b: 1')).filter((one) => one.includes('once'))).toEqual([]);
  });

  it('is not put together where a comment would be lost', () => {
    expect(done(text.replace(/b: 2\n {2}$/, 'b: 2 # else\n'), /once/)).toBe('refused');
  });

  it('is a whole mapping as well, and the layer below may be new', () => {
    expect(
      done(
        `
      //- /w/configs/common-local.yaml
      z: {x: {a: 1}}
      //- /w/configs/common-qa.yaml
      z: {"y": 1, $0x: {a: 1}}
      //- /w/configs/common-production.yaml
      z:
        x:
          a: 1
    `,
        /once/,
      ),
    ).toMatchInlineSnapshot(`
      "//- configs/common-local.yaml
      //- configs/common-qa.yaml
      z: {"y": 1}
      //- configs/common-production.yaml
      //- configs/common.yaml
      z:
        x: {a: 1}
      "
    `);
  });
});

describe('dotted keys', () => {
  const rewritten = (layer: string, title: RegExp) =>
    done(`\n      //- /w/configs/common.yaml\n${layer.replace(/^/gm, '      ')}\n`, title).replace(
      /^.*\n/,
      '',
    );

  it('are split into nested ones', () => {
    expect(
      rewritten('x:\n   y: 1\n   # hosts\n   d$0b.host.name: x # one\n   z: 1', /Split/),
    ).toMatchInlineSnapshot(`
      "x:
         y: 1
         # hosts
         db:
            host:
               name: x # one
         z: 1
      "
    `);
    expect(rewritten('"db.ho$0st":\n  # list\n  - x\n  - y: 1', /Split/)).toMatchInlineSnapshot(`
      ""db":
        "host":
          # list
          - x
          - y: 1
      "
    `);
    expect(rewritten('a: {db.$0host: [x], c: 1}', /Split/)).toMatchInlineSnapshot(`
      "a: {db: {host: [x]}, c: 1}
      "
    `);
    expect(rewritten('db.$0host: x\ndb: {port: 1}', /Split/)).toMatch(/^not among/);
    expect(rewritten('db.$0host: x\ndb.port: 1', /Split/)).toMatchInlineSnapshot(`
      "db:
        host: x
      db.port: 1
      "
    `);
  });

  it('are made of a mapping with one key', () => {
    expect(
      rewritten('$0db:\n    host:\n        # names\n        a: 1\n        b: |\n           x\n# end', /Join/),
    ).toMatchInlineSnapshot(`
      "db.host:
          # names
          a: 1
          b: |
             x
      # end
      "
    `);
    expect(rewritten('x: {$0db: {host: 1}, c: 1}', /Join/)).toMatchInlineSnapshot(`
      "x: {db.host: 1, c: 1}
      "
    `);
    expect(rewritten('$0db: # note\n  host: 1', /Join/)).toMatch(/^not among/);
    expect(rewritten('$0db:\n  host: 1\n  port: 2', /Join/)).toMatch(/^not among/);
    expect(rewritten("'db$0':\n  'a.b': 1", /Join/)).toMatchInlineSnapshot(`
      "'db.a.b': 1
      "
    `);
  });
});

describe('a list above a list', () => {
  const toggled = (value: string) =>
    done(
      `
      //- /w/configs/common.yaml
      a: [1]
      //- /w/configs/common-qa.yaml
      $0a:${value}
    `,
      /list below/,
    ).replace(/^.*\n/, '');

  it('replaces it or is appended to it', () => {
    expect(toggled(' [2]')).toBe('a: !replace [2]\n');
    expect(toggled(' !replace [2] # x')).toBe('a: [2] # x\n');
    expect(toggled(' # x\n      - 2')).toBe('a: !replace # x\n- 2\n');
    expect(toggled(' !replace # x\n      - 2')).toBe('a: # x\n- 2\n');
    expect(toggled(' !replace\n      - 2')).toBe('a:\n- 2\n');
    expect(toggled('\n       !replace\n       [2]')).toBe('a:\n [2]\n');
  });
});
