import { describe, expect, it } from 'vitest';
import { documentHighlight } from '../../core/features/documentHighlight.ts';
import { documentLinks } from '../../core/features/documentLinks.ts';
import { documentSymbols, type SettingSymbol } from '../../core/features/documentSymbols.ts';
import { foldingRanges } from '../../core/features/foldingRanges.ts';
import { selectionRanges } from '../../core/features/selectionRanges.ts';
import { mostSymbols, workspaceSymbols } from '../../core/features/workspaceSymbols.ts';
import { context } from '../../core/layers/context.ts';
import { lineIndex } from '../../core/text/lines.ts';
import { settingIndex } from '../../core/workspace/settingIndex.ts';
import { modelOf, openBelow, shopManifest } from '../support/fixture.ts';

const chosen = context('shop', 'production', { cluster: 'eu' });
const common = '/w/configs/common.yaml';

function open(text: string) {
  return openBelow(shopManifest, text);
}

/** A workspace with this text as `common.yaml`, exactly as it is. */
function openCommon(text: string) {
  const { files } = open('');
  const offset = text.indexOf('$0');
  const content = text.replace('$0', '');
  files.set(common, content);
  return { model: modelOf(files), offset, content };
}

describe('document highlight', () => {
  function highlights(text: string): string[] {
    const { model, offset, content } = openCommon(text);
    return documentHighlight(model, common, offset).map(({ range, kind }) => {
      const { line, character } = lineIndex(content).position(range.start);
      return `${kind} ${content.slice(range.start, range.end)} ${line + 1}:${character + 1}`;
    });
  }

  it('is the key, from the key and from the value', () => {
    expect(highlights('a:\n  b$0: 1\n')).toEqual(['key b 2:3']);
    expect(highlights('a:\n  b: 1$0\n')).toEqual(['key b 2:3']);
  });

  it('is every place of a key that dotted keys repeat', () => {
    const expected = ['key db 1:1', 'key db 3:1', 'key db 4:1'];
    expect(highlights('d$0b.host: 1\nx: 2\ndb.port: 3\ndb: {name: 4}\n')).toEqual(expected);
    expect(highlights('db.host: 1\nx: 2\nd$0b.port: 3\ndb: {name: 4}\n')).toEqual(expected);
  });

  it('tells of the anchor and aliases of the value', () => {
    const text = 'a: &x {b: 1}\nc: *x\nd:\n  <<: *x\ne: &x 2\nf: *x\n# *x\n';
    const first = ['mention &x 1:4', 'mention *x 2:4', 'mention *x 4:7'];
    expect(highlights(text.replace('a:', 'a$0:'))).toEqual(['key a 1:1', ...first]);
    expect(highlights(text.replace('c: *x', 'c: *$0x'))).toEqual(['key c 2:1', ...first]);
    expect(highlights(text.replace('<<: *x', '<<: *$0x'))).toEqual(first);
    expect(highlights(text.replace('f:', 'f$0:'))).toEqual(['key f 6:1', 'mention &x 5:4', 'mention *x 6:4']);
  });

  it('in public data is every entry of the same name', () => {
    const { model, cursor } = open(`
      //- /w/shop/deploy/configuration/public-data.yaml
      - a.b
      - c
      - a$0.b
    `);
    const found = documentHighlight(model, cursor.file, cursor.offset);
    expect(found.map((one) => one.range.start)).toEqual([2, 12]);
  });
});

describe('document symbols', () => {
  function outline(text: string): string[] {
    const { model, content } = openCommon(text);
    const lines = (symbols: SettingSymbol[], depth: number): string[] =>
      symbols.flatMap(({ name, detail, kind, range, keyRange, children }) => {
        expect(range.start).toBeLessThanOrEqual(keyRange.start);
        expect(range.end).toBeGreaterThanOrEqual(keyRange.end);
        const key = content.slice(keyRange.start, keyRange.end);
        const end = JSON.stringify(content.slice(range.start, range.end).slice(-6));
        return [
          `${'  '.repeat(depth)}${name} [${key}] ${kind} ${detail} ${end}`,
          ...lines(children, depth + 1),
        ];
      });
    return lines(documentSymbols(model, common), 0);
  }

  it('are the tree of settings, with types and short values', () => {
    const text =
      'a:\n  b: 1\n  c: [x, 1.0]\ns: text\nt: true\nn: ~\nm: !missing why\nd: !deleted\nl: |\n  one\n  two\n\n\nz: 5\n';
    expect(outline(text)).toMatchInlineSnapshot(`
      [
        "a [a] mapping  ", 1.0]"",
        "  b [b] integer 1 "b: 1"",
        "  c [c] list ["x", 1.0] ", 1.0]"",
        "s [s] string "text" ": text"",
        "t [t] boolean true ": true"",
        "n [n] null null "n: ~"",
        "m [m] missing !missing why "ng why"",
        "d [d] deleted !deleted "eleted"",
        "l [l] string "one\\ntwo\\n" "\\n  two"",
        "z [z] integer 5 "z: 5"",
      ]
    `);
  });

  it('are parts of dotted keys, each once, and of quoted ones', () => {
    const text = 'a.b: 1\r\nx: 2\r\na.c: 3\r\n"😀.k": {y: 1}\r\n"": 0\r\n';
    expect(outline(text)).toMatchInlineSnapshot(`
      [
        "a [a] mapping  "a.c: 3"",
        "  b [b] integer 1 "b: 1"",
        "  c [c] integer 3 "c: 3"",
        "x [x] integer 2 "x: 2"",
        "😀 ["😀.k"] mapping  "{y: 1}"",
        "  k ["😀.k"] mapping  "{y: 1}"",
        "    y [y] integer 1 "y: 1"",
        " [""] integer 0 "\\"\\": 0"",
      ]
    `);
  });

  it('leave out what aliases and merge keys repeat', () => {
    expect(outline('a: &x {b: 1}\nc: *x\nd:\n  <<: *x\n  e: 2\n')).toMatchInlineSnapshot(`
      [
        "a [a] mapping  "{b: 1}"",
        "  b [b] integer 1 "b: 1"",
        "c [c] mapping {"b": 1} "c: *x"",
        "d [d] mapping  "  e: 2"",
        "  e [e] integer 2 "e: 2"",
      ]
    `);
  });

  it('are none in the manifest and in public data', () => {
    const { model } = open('');
    expect(documentSymbols(model, '/w/strata.yaml')).toEqual([]);
  });
});

describe('workspace symbols', () => {
  const text = `
      //- /w/configs/common.yaml
      common: {db: {host: 1}, host: 2, hostess: 3, ghost: 4, h: {o: {s: {t: 5}}}}
      //- /w/configs/common-production.yaml
      common.db.host: 6
      //- /w/configs/shop.yaml
      common: {db: {host: 7}}
      //- /w/shop/deploy/configuration/shop-default.yaml
      common: {db: {host: 8}}
  `;
  const search = (query: string, { model } = open(text)) => workspaceSymbols(model, query, settingIndex());

  it('come once each, at the lowest layer, with the names of all layers', () => {
    const [found, ...more] = search('DB.Host');
    expect(more).toEqual([]);
    expect(found?.place.file).toBe(common);
    expect(found).toMatchObject({ name: 'common.db.host', kind: 'integer' });
    expect(found?.layers).toEqual(['common', 'common-production', 'shop-default', 'shop']);
  });

  it('come best first: so called, beginning so, holding it, with its letters in this order', () => {
    expect(search('host').map((one) => one.name)).toEqual([
      'common.host',
      'common.db.host',
      'common.hostess',
      'common.ghost',
      'common.h.o.s.t',
    ]);
    expect(search('cdh').map((one) => one.name)).toEqual(['common.db.host']);
    expect(search('nothing')).toEqual([]);
  });

  it('follow edits, and files that come and go', () => {
    const { files, model } = open(text);
    const index = settingIndex();
    const names = () => workspaceSymbols(model, 'db', index).map((one) => one.name);
    expect(names()).toEqual(['common.db', 'common.db.host']);
    files.set(common, 'common: {dbs: 1}\n');
    model.fileChanged(common);
    expect(names()).toEqual(['common.db', 'common.dbs', 'common.db.host']);
    for (const file of ['/w/configs/common-production.yaml', '/w/configs/shop.yaml']) files.delete(file);
    files.delete('/w/shop/deploy/configuration/shop-default.yaml');
    model.filesMoved();
    expect(names()).toEqual(['common.dbs']);
  });

  it('are bounded', () => {
    const many = Array.from({ length: 2 * mostSymbols }, (_, index) => `k${index}: 1\n`).join('');
    const { model } = openCommon(many);
    expect(workspaceSymbols(model, '', settingIndex())).toHaveLength(mostSymbols);
  });

  it('read the layers of a large workspace a few at a time', () => {
    const { files } = open('');
    for (let at = 0; at < 200; at++) files.set(`/w/configs/app${at}.yaml`, `k${at}: 1\n`);
    const model = modelOf(files);
    const index = settingIndex();
    const counts = Array.from({ length: 5 }, () => workspaceSymbols(model, 'k', index).length);
    expect(counts[0]).toBeLessThan(100);
    expect(counts.at(-1)).toBe(200);
  });
});

describe('folding', () => {
  function folds(text: string): string[] {
    const { model, content } = openCommon(text);
    const line = (offset: number) => lineIndex(content).position(offset).line + 1;
    return foldingRanges(model, common).map(
      ({ range, kind }) => `${kind} ${line(range.start)}-${line(range.end)}`,
    );
  }

  it('folds mappings, lists, their elements, texts and comments', () => {
    const text = [
      '# one', // 1
      '# two',
      '',
      '# alone',
      'a: # behind', // 5
      '  b:',
      '    - x: 1',
      '      y: 2',
      '    - z',
      '  # inner', // 10
      '  # run',
      '  t: |',
      '    # no comment',
      '    text',
      '', // 15
      'f: {',
      '  g: 1',
      '}',
      '',
    ];
    const expected = [
      'value 5-14',
      'value 6-9',
      'value 7-8',
      'value 12-14',
      'value 16-17',
      'comment 1-2',
      'comment 10-11',
    ];
    expect(folds(text.join('\n'))).toEqual(expected);
    expect(folds(text.join('\r\n'))).toEqual(expected);
  });

  it('leaves dotted parts of one mapping apart', () => {
    expect(folds('a.b:\n  c: 1\nx: 2\na.d:\n  e: 3\n')).toEqual(['value 1-2', 'value 4-5']);
  });

  it('works in the manifest', () => {
    const { files } = open('');
    files.set('/w/strata.yaml', 'configs:\n  - configs\napps:\n  shop: shop\n');
    expect(foldingRanges(modelOf(files), '/w/strata.yaml')).toHaveLength(2);
  });
});

describe('selection ranges', () => {
  function steps(text: string): string[] {
    const { model, offset, content } = openCommon(text);
    const [found = []] = selectionRanges(model, common, [offset]);
    return found.map(({ start, end }) => content.slice(start, end));
  }

  it('grow from the word over value and setting to the file', () => {
    expect(steps('a:\n  b: "one tw$0o"\n  c: 1\nd: 2\n')).toEqual([
      'two',
      'one two',
      '"one two"',
      'b: "one two"',
      'b: "one two"\n  c: 1',
      'a:\n  b: "one two"\n  c: 1',
      'a:\n  b: "one two"\n  c: 1\nd: 2',
      'a:\n  b: "one two"\n  c: 1\nd: 2\n',
    ]);
  });

  it('start at keys, elements of lists, dotted parts and comments as well', () => {
    expect(steps('a.b$0-c: [1, 2]\n')).toEqual([
      'b',
      'b-c',
      'b-c: [1, 2]',
      'a.b-c: [1, 2]',
      'a.b-c: [1, 2]\n',
    ]);
    expect(steps('a: [1, 2$02]\n').slice(0, 3)).toEqual(['22', '[1, 22]', 'a: [1, 22]']);
    expect(steps('a: 1 # wh$0y so\n').slice(0, 2)).toEqual(['why', '# why so']);
    expect(steps('"😀é$0": 1\r\n').slice(0, 3)).toEqual(['é', '😀é', '"😀é"']);
    expect(steps('$0')).toEqual(['']);
  });
});

describe('document links', () => {
  function links(file: string, text: string): string[] {
    const { model, files } = open(text);
    return documentLinks(model, file, chosen).map(({ range, target }) => {
      const { line } = lineIndex(files.get(target.file) ?? '').position(target.offset);
      return `${files.get(file)?.slice(range.start, range.end)} → ${target.file.slice(3)}:${line + 1}`;
    });
  }
  const layers = `
      //- /w/configs/common.yaml
      common: {db: 1, gone: 2}
      //- /w/configs/common-production.yaml
      # moved
      common: {db: 2, gone: !deleted}
      //- /w/shop/deploy/configuration/public-data.yaml
      - common.db
      - common.gone
      - common.none
      - "yoconfigurator.app"
  `;

  it('lead from public settings to the winner of the active context', () => {
    expect(links('/w/shop/deploy/configuration/public-data.yaml', layers)).toEqual([
      'common.db → configs/common-production.yaml:2',
    ]);
  });

  it('lead from the folders of the manifest to their first layers', () => {
    expect(links('/w/strata.yaml', layers)).toEqual([
      'configs → configs/common.yaml:1',
      'shop → shop/deploy/configuration/shop-default.yaml:1',
      'site → site/deploy/configuration/site-default.yaml:1',
    ]);
  });

  it('are none in layers', () => {
    expect(links(common, layers)).toEqual([]);
  });
});
