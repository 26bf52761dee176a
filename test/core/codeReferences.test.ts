import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CodeSearch, codeReferences } from '../../core/features/codeReferences.ts';
import { codeUses } from '../../core/features/codeUses.ts';
import { mapSource, openBelow, shopManifest } from '../support/fixture.ts';

const roots = [
  { name: 'config', section: [] },
  { name: 'conf', section: [] },
  { name: 'aconf', section: ['shop'] },
];

/** The words that are found, each with what stands before it on its line. */
function uses(text: string, path: string): string[] {
  return codeUses(text, path.split('.'), roots).map(({ start, end }) => {
    const line = text.slice(0, start).split('\n').at(-1);
    return `${line}<${text.slice(start, end)}>`;
  });
}

describe('a setting in code', () => {
  it.each([
    'config.shop.db.host',
    'config.shop.db.host.split(".")',
    'this.config.shop.db.host',
    'settings.CONF.shop.db.host',
    'config?.shop?.db?.host',
    'config!.shop!.db!.host',
    "config['shop']['db']['host']",
    'config["shop"].db["host"]',
    'config?.["shop"]?.db[`host`]',
    'CONF["shop"]["db"]["host"]',
    'conf[ "shop" ].db [x]; conf.shop.db["host" ]',
    "config.get('shop').get('db', {}).get('host', default())",
    'config.get("shop.db.host")',
    'config.get("shop").db?.get("host")',
    'config\n  .shop\n  .db\n  .host',
    'aconf.db.host',
    'ACONF["db"]["host"]',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the code that is looked at
    '`${config.shop.db.host}`',
  ])('is found in %s', (text) => {
    const [found, ...more] = uses(text, 'shop.db.host');
    expect(found).toMatch(/<host>$/);
    expect(more).toEqual([]);
  });

  it.each([
    'config.shop.db.hostname',
    'config.shop.db',
    'config.site.db.host',
    'myconfig.shop.db.host',
    'config_.shop.db.host',
    '$config.shop.db.host',
    'config.shop[db].host',
    'config.shop["db".lower()].host',
    "config.get('shop')(x).db.host",
    'config = shop.db.host',
    'aconf.shop.db.host',
    'config["shop\ndb"].host',
    'config.shop.db["host',
    'config.get("shop").get("db", f(g())).host',
    'config',
    'host',
    '',
  ])('is not found in %s', (text) => expect(uses(text, 'shop.db.host')).toEqual([]));

  it('is found wherever it stands, with other letters than ASCII too', () => {
    const text = 'x = config.ключ.ß # config["ключ"]["ß"] 😀\ny(conf.ключ.ß, conf.ключ)';
    expect(uses(text, 'ключ.ß')).toEqual([
      'x = config.ключ.<ß>',
      'x = config.ключ.ß # config["ключ"]["<ß>',
      'y(conf.ключ.<ß>',
    ]);
  });

  it('is found again however it is written', () => {
    const key = fc.stringMatching(/^[a-z_][a-z0-9_]{0,5}$/).filter((one) => one !== 'get');
    const step = fc.constantFrom(
      (one: string) => `.${one}`,
      (one: string) => `?.${one}`,
      (one: string) => `['${one}']`,
      (one: string) => `["${one}"]`,
      (one: string) => `.get("${one}")`,
      (one: string) => `.get('${one}', None)`,
    );
    const steps = fc.array(fc.tuple(key, step), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(steps, fc.string(), (parts, before) => {
        const path = parts.map(([one]) => one);
        const text = `${before}\nconfig${parts.map(([one, write]) => write(one)).join('')} rest`;
        const last = codeUses(text, path, roots).at(-1);
        expect(last && text.slice(last.start, last.end)).toBe(path.at(-1));
      }),
    );
  });

  it('is looked for in any text without harm', () => {
    const part = fc.constantFrom(
      'config',
      '.',
      '?.',
      '[',
      ']',
      '"',
      "'",
      'get(',
      '(',
      ')',
      'a',
      ' ',
      '\n',
      '\\',
      '!',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const text = parts.join('');
        for (const { start, end } of codeUses(text, ['a'], roots)) expect(text.slice(start, end)).toBe('a');
      }),
    );
  });
});

const search: CodeSearch = { roots: ['config'], endings: ['py', 'js'] };

/** The files and places that are found for the setting at the cursor. */
function inCode(text: string, asked: CodeSearch = search): string[] {
  const { model, files, cursor } = openBelow(shopManifest, text);
  const steps = codeReferences(model, mapSource(files), { ...cursor, chosen: undefined }, asked);
  for (;;) {
    const step = steps.next();
    if (!step.done) continue;
    return step.value.map(({ file, keyRange, textMatch }) => {
      expect(textMatch).toBe(true);
      const { line, character } = model.lines(file).position(keyRange.start);
      return `${file}:${line + 1}:${character + 1}`;
    });
  }
}

describe('the code of apps', () => {
  const code = `
      //- /w/shop/app.py
      import config
      print(config.db.host, cconf["db"])
      //- /w/shop/lib/deep/db.js
      connect(config.db.host)
      //- /w/shop/lib/notes.txt
      config.db.host
      //- /w/shop/node_modules/db/index.js
      config.db.host
      //- /w/shop/.venv/db.py
      config.db.host
      //- /w/shop/deploy/configuration/db.py
      config.db.host
      //- /w/site/main.py
      config.db.host + aconf["db"]["host"]
      //- /w/tools/main.py
      config.db.host
  `;

  it('is looked through for a setting that all share', () => {
    const layer = `
      //- /w/configs/common.yaml
      db: {ho$0st: one}`;
    expect(inCode(layer + code)).toEqual([
      '/w/shop/app.py:2:17',
      '/w/shop/lib/deep/db.js:1:19',
      '/w/site/main.py:1:11',
    ]);
  });

  it('is looked through only in the app whose layer it is', () => {
    const layer = `
      //- /w/configs/shop.yaml
      db: {ho$0st: one}`;
    expect(inCode(layer + code)).toEqual(['/w/shop/app.py:2:17', '/w/shop/lib/deep/db.js:1:19']);
  });

  it('knows the sections of the app and of all', () => {
    const files = `
      //- /w/configs/common.yaml
      common: {db: {host: one}}
      shop: {po$0rt: 1}
      //- /w/shop/app.py
      CCONF["db"]["host"], ACONF["port"], aconf.port
      //- /w/site/main.py
      ACONF["port"]`;
    expect(inCode(files)).toEqual(['/w/shop/app.py:1:29', '/w/shop/app.py:1:43']);
    const common = files.replace('$0', '').replace('host: one', 'ho$0st: one');
    expect(inCode(common)).toEqual(['/w/shop/app.py:1:14']);
  });

  it('is left alone where nothing is to be looked for', () => {
    const layer = `
      //- /w/configs/common.yaml
      db: {ho$0st: one}`;
    expect(inCode(layer + code, { ...search, roots: [] })).toEqual([]);
    expect(inCode(layer + code, { ...search, endings: [] })).toEqual([]);
    expect(inCode(layer.replace('ho$0st', 'host').replace('db:', '$0 db:') + code)).toEqual([]);
  });
});
