import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complete } from '../../core/features/completion/complete.ts';
import { settingDocumentation } from '../../core/features/completion/documentation.ts';
import { declaration } from '../../core/features/declaration.ts';
import { type Definition, definition } from '../../core/features/definition.ts';
import { documentHighlight } from '../../core/features/documentHighlight.ts';
import { hover } from '../../core/features/hover.ts';
import { implementation } from '../../core/features/implementation.ts';
import { references } from '../../core/features/references.ts';
import { prepareRename } from '../../core/features/rename/prepare.ts';
import { rename } from '../../core/features/rename/rename.ts';
import { selectionRanges } from '../../core/features/selectionRanges.ts';
import { readTemplate } from '../../core/templates/readTemplate.ts';
import { templateApp } from '../../core/templates/templateFiles.ts';
import { applyEdits } from '../../core/text/edits.ts';
import type { Model } from '../../core/workspace/model.ts';
import { modelOf, openBelow, shopManifest } from '../support/fixture.ts';

const layers = `
      //- /w/configs/common.yaml
      common:
        # Where it is.
        db: {host: one, port: 1}
      //- /w/configs/common-qa.yaml
      common: {db: {host: two}}
      //- /w/configs/shop.yaml
      shop: {db: {host: x}, 'a b': 1, title: t, list: [{name: 1}], items: 2}
`;
const template = '//- /w/shop/deploy/templates/nginx/shop.conf';

function open(text: string) {
  return openBelow(shopManifest, layers + text.replace(/^\n/, ''));
}

/** The fixture with any text as its template. */
function withTemplate(text: string) {
  const files = new Map(open('').files).set('/w/shop/deploy/templates/nginx/shop.conf', text);
  return { files, model: modelOf(files) };
}

function places(model: Model, found: readonly Definition[] | undefined): string[] {
  return (found ?? []).map(({ file, keyRange }) => {
    const content = model.read(file);
    const text = content && 'text' in content ? content.text.slice(keyRange.start, keyRange.end) : '';
    const { line } = model.lines(file).position(keyRange.start);
    return `${file.slice(file.lastIndexOf('/') + 1)}:${line + 1} ${text}`;
  });
}

describe('a setting in a template', () => {
  it('has a hover, up to the part at the cursor', () => {
    const of = (text: string) => {
      const { model, cursor } = open(`      ${template}\n      ${text}\n`);
      const found = hover(model, cursor.file, cursor.offset, { chosen: undefined, linkTo: (file) => file });
      return found?.markdown.split('\n').slice(0, 5).join('\n');
    };
    expect(of('{{ cconf.db.ho$0st }}')).toMatchInlineSnapshot(`
      "**common.db.host** · shop

      | environment | effective value | from |
      | :-- | :-- | :-- |
      | local, production/us, production/eu | \`"one"\` | [common.yaml:3](/w/configs/common.yaml) |"
    `);
    expect(of('{{ conf.common.d$0b.host }}')).toContain('**common.db** · shop');
    expect(of('{% set d = aconf.db %}{{ d$0.host }}')).toContain('**shop.db** · shop');
    expect(of("{{ aconf['a$0 b'] }}")).toContain('**shop.a b** · shop');
    expect(of("{{ aconf.get('tit$0le') }}")).toContain('**shop.title** · shop');
    expect(of('{{ acon$0f.db }}')).toContain('**shop** · shop');
    expect(of('{{ con$0f.shop }}')).toBeUndefined();
    expect(of('{{ aconf.db }} d$0b {{ x.d }}')).toBeUndefined();
    expect(of('{% for one in aconf.list %}{{ one.na$0me }}{% endfor %}')).toBeUndefined();
  });

  it('has definitions, a declaration and implementations', () => {
    const { model, cursor } = open(`      ${template}\n      {{ cconf.db.h$0ost }}\n`);
    const at = [model, cursor.file, cursor.offset, undefined] as const;
    expect(places(model, definition(...at)?.definitions)).toEqual([
      'common.yaml:3 host',
      'common-qa.yaml:1 host',
    ]);
    expect(places(model, declaration(...at)?.definitions)).toEqual(['common.yaml:3 host']);
    expect(places(model, implementation(...at)?.definitions)).toEqual(['common-qa.yaml:1 host']);
  });

  const used = `
      ${template}
      {{ cconf.db.host }} {{ conf['common'].db.get('host') }} {{ aconf.db.host }}
      {% set db = cconf.db %}{% if 'host' in db %}{{ db.host }}{% endif %}
      //- /w/site/deploy/templates/motd
      {{ conf.common.db.host }} {{ cconf.db.port }}
`;

  it('has references in all templates of the apps that share it', () => {
    const find = (text: string) => {
      const { model, cursor } = open(text);
      const options = { chosen: undefined, includeDeclaration: false };
      return places(model, references(model, cursor.file, cursor.offset, options));
    };
    const everywhere = [
      'common-qa.yaml:1 host',
      ...Array(2).fill('shop.conf:1 host'),
      ...Array(2).fill('shop.conf:2 host'),
      'motd:1 host',
    ];
    expect(find(used.replace('cconf.db.host', 'cconf.db.ho$0st'))).toEqual(everywhere);
    expect(find(used.replace('conf.common.db.host', 'conf.common.db.ho$0st'))).toEqual(everywhere);
    expect(find(used.replace('aconf.db.host', 'aconf.db.ho$0st'))).toEqual(['shop.conf:1 host']);
    expect(
      find(used.replace('cconf.db.port', 'cconf.d$0b.port')).filter((one) => one.startsWith('motd')),
    ).toEqual(['motd:1 db', 'motd:1 db']);
    expect(find('')).toEqual([]);
  });

  it('has references from a layer', () => {
    const { model } = open(used);
    const offset = layersText(model).indexOf('host');
    const options = { chosen: undefined, includeDeclaration: false };
    const found = places(model, references(model, '/w/configs/common.yaml', offset, options));
    expect(found).toContain('motd:1 host');
    expect(found.filter((one) => one.startsWith('shop.conf'))).toHaveLength(4);
  });

  it('is highlighted where its file names it', () => {
    const { model, cursor } = open(used.replace("get('host')", "get('ho$0st')"));
    const content = model.read(cursor.file);
    const text = content && 'text' in content ? content.text : '';
    const found = documentHighlight(model, cursor.file, cursor.offset);
    expect(found.map(({ range, kind }) => [text.slice(range.start, range.end), kind])).toEqual(
      Array(4).fill(['host', 'mention']),
    );
    expect(documentHighlight(model, cursor.file, 0)).toEqual([]);
    expect(selectionRanges(model, cursor.file, [cursor.offset])).toHaveLength(1);
  });
});

function layersText(model: Model): string {
  const content = model.read('/w/configs/common.yaml');
  return content && 'text' in content ? content.text : '';
}

/** The templates and layers that a rename changes, or why it is refused. */
function renamed(text: string, newName: string): string {
  const { files, cursor, model } = open(text);
  const result = rename(model, cursor.file, cursor.offset, newName);
  if ('refusal' in result) {
    const { message, at } = result.refusal;
    return at === undefined ? message : `${message} (${places(model, [{ ...at, keyRange: at.range }])[0]})`;
  }
  const changed = [...files].filter(([file]) => result.edits.some((edit) => edit.file === file));
  return changed
    .map(([file, content]) =>
      applyEdits(
        content,
        result.edits.filter((edit) => edit.file === file),
      ),
    )
    .join('---\n');
}

describe('rename', () => {
  const used = (name: string) => `
      ${template}
      {{ cconf.db.${name} }} {{ conf['common']["db"] ["host"] }} {{ cconf.db.get('host') }} {{ aconf.db.host }}
      {% if 'host' in cconf.db %}{{ cconf.db . host|upper }}{% endif %}{% set db = cconf.db %}{{ db.host }}
      //- /w/site/deploy/templates/motd
      {{ conf.common.db.host }} {{ conf.db.host }} host {# cconf.db.host #}
`;

  it('from a template goes through all layers and templates', () => {
    expect(renamed(used('ho$0st'), 'server')).toMatchInlineSnapshot(`
      "common:
        # Where it is.
        db: {server: one, port: 1}
      ---
      common: {db: {server: two}}
      ---
      {{ cconf.db.server }} {{ conf['common']["db"] ["server"] }} {{ cconf.db.get('server') }} {{ aconf.db.host }}
      {% if 'server' in cconf.db %}{{ cconf.db . server|upper }}{% endif %}{% set db = cconf.db %}{{ db.server }}
      ---
      {{ conf.common.db.server }} {{ conf.db.host }} host {# cconf.db.host #}
      "
    `);
  });

  it('puts a name that is no identifier into brackets', () => {
    expect(renamed(used('ho$0st'), "it's")).toMatchInlineSnapshot(`
      "common:
        # Where it is.
        db: {it's: one, port: 1}
      ---
      common: {db: {it's: two}}
      ---
      {{ cconf.db['it\\'s'] }} {{ conf['common']["db"] ["it's"] }} {{ cconf.db.get('it\\'s') }} {{ aconf.db.host }}
      {% if 'it\\'s' in cconf.db %}{{ cconf.db ['it\\'s']|upper }}{% endif %}{% set db = cconf.db %}{{ db['it\\'s'] }}
      ---
      {{ conf.common.db['it\\'s'] }} {{ conf.db.host }} host {# cconf.db.host #}
      "
    `);
    expect(renamed(used('ho$0st'), 'items').split('---\n').slice(2).join('')).toMatchInlineSnapshot(`
      "{{ cconf.db['items'] }} {{ conf['common']["db"] ["items"] }} {{ cconf.db.get('items') }} {{ aconf.db.host }}
      {% if 'items' in cconf.db %}{{ cconf.db ['items']|upper }}{% endif %}{% set db = cconf.db %}{{ db['items'] }}
      {{ conf.common.db['items'] }} {{ conf.db.host }} host {# cconf.db.host #}
      "
    `);
  });

  it('from a layer goes through the templates', () => {
    const { model } = open(used('host'));
    const result = rename(model, '/w/configs/common.yaml', layersText(model).indexOf('port'), 'gate');
    expect('edits' in result && result.edits).toHaveLength(1);
    const host = rename(model, '/w/configs/common.yaml', layersText(model).indexOf('host'), 'server');
    expect('edits' in host && host.edits.filter((edit) => edit.file.includes('templates'))).toHaveLength(7);
  });

  it.each([
    ['a variable', '{% set db = aconf.db %}{{ d$0b.host }}', 'no key of a setting stands here'],
    ['the variables', '{{ acon$0f.db }}', 'no key of a setting stands here'],
    ['what no layer gives', '{{ aconf.x$0 }}', 'no layer gives `shop.x`'],
    ['what is taken', '{{ aconf.title$0 }}', '`shop.db` is already there (shop.yaml:1 db)'],
    [
      'an app, where a variable stands for it',
      '{{ conf.sh$0op }} {{ aconf.title }}',
      'renaming `shop` would change more than its name here (shop.conf:1 shop)',
    ],
    [
      'a way through a loop',
      '{{ aconf.db.ho$0st }}{% for k, v in conf.shop.items() %}{{ v.host }}{% endfor %}',
      'the template may reach `shop.db.host` here through a value (shop.conf:1 host)',
    ],
    [
      'a way through a macro',
      '{% macro m(x) %}{{ x.host }}{% endmacro %}{{ m(aconf.db) }}{{ aconf.db.ho$0st }}',
      'the template may reach `shop.db.host` here through a value (shop.conf:1 host)',
    ],
    [
      'a namespace',
      '{% set ns = namespace() %}{% set ns.db = aconf.db %}{{ ns.db.host }}{{ aconf.db.ho$0st }}',
      'the template may reach `shop.db.host` here through a value (shop.conf:1 host)',
    ],
    [
      'a variable of one branch',
      '{% if x %}{% set y = aconf.db or 1 %}{% endif %}{{ y.host }}{{ aconf.db.ho$0st }}',
      'the template may reach `shop.db.host` here through a value (shop.conf:1 host)',
    ],
    [
      'a computed name',
      '{{ aconf.db.ho$0st }}{{ aconf.db[cconf.name] }}',
      'the template may reach `shop.db.host` here through a value (shop.conf:1 cconf)',
    ],
    [
      'an attribute of a filter',
      "{{ aconf.db.ho$0st }}{{ conf.shop.values()|map(attribute='host') }}",
      'the template may reach `shop.db.host` here through a value (shop.conf:1 host)',
    ],
    [
      'a key in a loop',
      "{{ aconf.db.ho$0st }}{% for k in aconf.db %}{{ 1 if k == 'host' }}{% endfor %}",
      "the template may reach `shop.db.host` here through a value (shop.conf:1 'host')",
    ],
  ])('refuses %s', (_, text, why) => {
    expect(renamed(`      ${template}\n      ${text}\n`, text.includes('title$0') ? 'db' : 'new')).toBe(why);
  });

  it.each([
    ['loops over keys', '{% for k in aconf.db %}{{ k }}{{ aconf.db[k] }}{% endfor %}'],
    ['other values', '{% for one in aconf.list %}{{ one.host }}{% endfor %}{{ loop.host }}'],
    ['conditions', '{% if aconf.db and aconf.db.port is defined %}{{ x.port }}{% endif %}'],
  ])('is not kept from it by %s', (_, text) => {
    expect(renamed(`      ${template}\n      {{ aconf.db.ho$0st }}${text}\n`, 'new')).toContain(
      '{{ aconf.db.new }}',
    );
  });

  it('of an app that shares its folder with another is refused where it would change that one', () => {
    const shared = `
      //- /w/strata.yaml
      configs: [configs]
      apps: {shop: shop, twin: shop}
      environments: [qa]
      //- /w/configs/twin.yaml
      twin: {title: 1}
      ${template}
      {{ conf.shop.title }} {{ aconf.TITLE }}
`;
    expect(renamed(shared.replace('aconf.TITLE', '1').replace('title }}', 'tit$0le }}'), 'new')).toContain(
      "shop: {db: {host: x}, 'a b': 1, new: t",
    );
    expect(renamed(shared.replace('TITLE', 'tit$0le'), 'new')).toContain(
      'would change more than its name here',
    );
  });

  it('prepares with the name alone', () => {
    const { model, cursor } = open(`      ${template}\n      {{ aconf['a$0 b'] }}\n`);
    expect(prepareRename(model, cursor.file, cursor.offset)).toEqual({
      range: { start: 10, end: 13 },
      placeholder: 'a b',
    });
  });

  const piece = fc.constantFrom(
    '{{ aconf.db.host }}',
    "{{ conf['shop'].db['host'] }}",
    '{% set x = aconf.db %}',
    '{{ x.host }}',
    "{% if 'host' in aconf.db %}",
    '{% endif %}',
    '{{ cconf.db.host }}',
    "{{ aconf.db.get('host', 1) }}",
    '{% for x in aconf %}',
    '{% endfor %}',
    'host',
    '\n',
    '{{ aconf.db.',
    "{{ aconf['db",
    '{{ aconf.db.host.x }}',
  );

  it('leaves every template with the same settings, but for the name', () => {
    let done = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }),
        fc.constantFrom('new', 'n-w', "n'w", 'n"w'),
        (pieces, newName) => {
          const { files, model } = withTemplate(`{{ aconf.db.host }}${pieces.join('')}`);
          const result = rename(
            model,
            '/w/configs/shop.yaml',
            files.get('/w/configs/shop.yaml')!.indexOf('host'),
            newName,
          );
          if ('refusal' in result) return;
          done++;
          const file = '/w/shop/deploy/templates/nginx/shop.conf';
          const before = readTemplate(files.get(file)!).references;
          const after = readTemplate(
            applyEdits(
              files.get(file)!,
              result.edits.filter((edit) => edit.file === file),
            ),
          );
          const wanted = before.map(({ root, path }) => {
            const full = { conf: path, aconf: ['shop', ...path], cconf: ['common', ...path] }[root];
            const isIt = full.slice(0, 3).join('.') === 'shop.db.host';
            return isIt ? full.with(2, newName) : full;
          });
          expect(
            after.references.map(
              ({ root, path }) =>
                ({ conf: path, aconf: ['shop', ...path], cconf: ['common', ...path] })[root],
            ),
          ).toEqual(wanted);
        },
      ),
      { numRuns: 200 },
    );
    expect(done).toBeGreaterThan(20);
  });
});

describe('completion', () => {
  const offered = (text: string) => {
    const { model, cursor } = open(`      ${template}\n      ${text}\n`);
    return complete(model, cursor.file, cursor.offset, undefined);
  };
  /** The line as it is with each item put in. */
  const results = (text: string) => {
    const line = text.replace('$0', '');
    return offered(text).map((one) => applyEdits(line, [one.edit]));
  };
  const labels = (text: string) => offered(text).map((one) => one.label);

  it('of settings puts them in behind a dot, in quotes or in brackets', () => {
    expect(results('{{ cconf.$0 }}')).toEqual(['{{ cconf.db }}']);
    expect(results('{{ cconf.db.h$0 }}')).toEqual(['{{ cconf.db.host }}', '{{ cconf.db.port }}']);
    expect(results('{{ cconf.db.h$0')).toEqual(['{{ cconf.db.host', '{{ cconf.db.port']);
    expect(results("{{ cconf['d$0b'].x }}")).toEqual(["{{ cconf['db'].x }}"]);
    expect(results('{{ cconf["$0')).toEqual(['{{ cconf["db']);
    expect(results("{{ cconf['$0'] }}")).toEqual(["{{ cconf['db'] }}"]);
    expect(results('{{ cconf[$0] }}')).toEqual(["{{ cconf['db'] }}"]);
    expect(results("{{ cconf.get('$0') }}")).toEqual(["{{ cconf.get('db') }}"]);
    expect(results('{% set x = cconf.db %}{{ x.$0 }}')).toHaveLength(2);
    expect(results('{{ aconf.$0 }}')).toContain("{{ aconf['a b'] }}");
    expect(results('{{ aconf.$0 }}')).toContain("{{ aconf['items'] }}");
    expect(results('{{ aconf.$0 }}')).toContain('{{ aconf.title }}');
  });

  it('of settings tells what they are', () => {
    const found = offered('{{ cconf.db.$0 }}');
    expect(found[0]).toMatchObject({
      label: 'host',
      kind: 'setting',
      detail: 'string',
      setting: ['common', 'db', 'host'],
    });
    expect(offered('{{ conf.$0 }}').map(({ label, kind }) => [label, kind])).toContainEqual([
      'common',
      'group',
    ]);
    const { model, cursor } = open(`      ${template}\n      {{ cconf.$0 }}\n`);
    expect(
      settingDocumentation(model, cursor.file, ['common', 'db', 'host'], undefined),
    ).toMatchInlineSnapshot(`
      "Where it is.

      - local, production/us, production/eu: \`"one"\` (common.yaml)
      - qa: \`"two"\` (common-qa.yaml)"
    `);
  });

  it('offers the words that can stand at a place', () => {
    expect(labels('{{ $0 }}')).toEqual(['conf', 'aconf', 'cconf']);
    expect(labels('{{ ac$0 }}')).toEqual(['conf', 'aconf', 'cconf']);
    expect(labels('{{ (a and $0) }}')).toEqual(['conf', 'aconf', 'cconf']);
    expect(labels('{{ aconf.x |$0 }}')).toContain('default');
    expect(labels('{{ aconf.x | de$0 }}')).toContain('default');
    expect(labels('{% if aconf.x is $0 %}')).toContain('defined');
    expect(labels('{% if aconf.x is not d$0 %}')).toContain('defined');
    expect(labels('{% $0 %}')).toContain('endfor');
    expect(labels('{%- e$0')).toContain('endfor');
    for (const nothing of [
      '$0',
      '{{ conf.a }} $0',
      '{{ conf.a $0 }}',
      '{# $0 #}',
      "{{ 'a $0' }}",
      '{{ x.$0 }}',
      '{{ conf.a }$0}',
      '{$0{ conf.a }}',
      '{% raw %}{{ $0 }}{% endraw %}',
    ]) {
      expect([nothing, labels(nothing)]).toEqual([nothing, []]);
    }
  });

  it('answers at every place of any template', () => {
    const words = fc.constantFrom(
      ...'{{ }} {% %} {# conf . aconf [ ] \' " db host | is ( ) if set x = \n'.split(' '),
      ' ',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 15 }), (text) => {
        const { model, files } = withTemplate(text.join(''));
        const file = '/w/shop/deploy/templates/nginx/shop.conf';
        const content = files.get(file)!;
        for (let offset = 0; offset <= content.length; offset++) {
          for (const { edit } of complete(model, file, offset, undefined)) {
            expect(edit.range.start).toBeLessThanOrEqual(offset);
            expect(edit.range.end).toBeGreaterThanOrEqual(offset);
            expect(content.slice(edit.range.start, offset)).not.toMatch(/\n/);
          }
          hover(model, file, offset, { chosen: undefined, linkTo: (one) => one });
          rename(model, file, offset, 'new');
        }
      }),
      { numRuns: 150 },
    );
  });
});

it('a template belongs to the app in whose folder it lies', () => {
  const { model } = open('');
  const appOf = (file: string) => templateApp(model, file)?.name;
  expect(appOf('/w/shop/deploy/templates/a/b.yaml')).toBe('shop');
  expect(appOf('/w/shop/deploy/templates')).toBeUndefined();
  expect(appOf('/w/other/deploy/templates/a')).toBeUndefined();
  expect(appOf('/w/shop/deploy/configuration/deploy/templates/a')).toBeUndefined();
});
