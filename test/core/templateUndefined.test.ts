import { describe, expect, it } from 'vitest';
import { contextsText } from '../../core/features/contextsText.ts';
import { lint } from '../../core/features/lint.ts';
import { openBelow, shopManifest } from '../support/fixture.ts';

/** Expects problems at the places marked by carets and nowhere else; a mark's label is the start of what is told. */
function check(text: string): void {
  const { marks, model } = openBelow(shopManifest, text);
  const found = lint(model).filter((one) => one.code === 'template-undefined');
  const told = found.map((one) => {
    expect(one.severity).toBe('error');
    const label = `[${contextsText(model, one.contexts)}] ${one.setting}: ${one.message}`;
    const mark = marks.find(({ file, range }) => file === one.file && range.start === one.range.start);
    return { file: one.file, range: one.range, label: label.slice(0, mark?.label.length) };
  });
  const sorted = (all: typeof marks) => all.map((one) => JSON.stringify(one)).sort();
  expect(sorted(told)).toEqual(sorted(marks));
}

const layers = `
      //- /w/configs/common.yaml
      common:
        host: one
        nothing: ~
        open: !missing
        gone: 1
        list: [{a: 1}]
        tls: {on: false}
      //- /w/configs/common-qa.yaml
      common: {only_qa: 1, gone: !deleted , tls: {on: true}}
      //- /w/configs/shop.yaml
      shop: {db: {host: x, port: 1, items: 3}, empty: {}}
      //- /w/configs/shop-build.yaml
      shop: {built: 1}
      //- /w/shop/deploy/templates/nginx/shop.conf
`;

describe('template-undefined', () => {
  it('tells of settings that are not there, in the contexts that lack them', () => {
    check(`${layers}
      {{ aconf.db.host }} {{ conf.shop.db['port'] }} {{ cconf.list[0].b }} {{ cconf.open.b }} {{ conf.yoconfigurator.app }}
      {{ conf.common.only_qa }}
                     ^^^^^^^ [shop: local, production/us, production/eu] common.only_qa: the template uses this setting, and no layer gives it.
      {{ cconf.gone }}
               ^^^^ [shop: qa] common.gone: the template uses this setting, and a layer takes it away
      {{ aconf.db.hots.x }}
                  ^^^^ [shop: local, qa, production/us, production/eu] shop.db.hots: the template uses this setting, and no layer gives it. Did you mean \`host\`?
      {{ aconf['data base'].x }}
                ^^^^^^^^^ [shop: local, qa, production/us, production/eu] shop.data base
      {{ aconf.built }}
               ^^^^^ [shop: local, qa, production/us, production/eu] shop.built
    `);
  });

  it('tells where the way leads through a value', () => {
    check(`${layers}
      {{ cconf.host.name }}
                    ^^^^ [shop: local, qa, production/us, production/eu] common.host.name: the template looks for it in a string, which
      {{ cconf.nothing.a }}
                       ^ [shop: local, qa, production/us, production/eu] common.nothing.a: the template looks for it in null
      {{ cconf.list.a.b }}
                    ^ [shop: local, qa, production/us, production/eu] common.list.a: the template looks for it in a list
      {{ cconf.host.upper() }} {{ cconf.host.upper }} {{ aconf.db.items }} {{ cconf.list[0]['x'] }}
    `);
  });

  it('allows for the last name where it is tested or has a default, as Jinja2 does', () => {
    check(`${layers}
      {{ aconf.x is defined }} {{ aconf.x is not defined }} {{ aconf.x is undefined }}
      {{ aconf.x | default('y') }} {{ aconf.x|d }} {{ aconf.get('x') }} {{ aconf.get('x', {}).y }} {{ 'x' in aconf }}
      {{ aconf.x.y | default('z') }}
               ^ [shop: local, qa, production/us, production/eu] shop.x
      {{ aconf.x.y is defined }}
               ^ [shop: local
      {{ aconf.x | upper | default('y') }}
               ^ [shop: local
      {{ aconf.db.get('x') }} {{ aconf.x.get('y') }}
                                       ^ [shop: local
      {{ 'x' in aconf.y }}
                      ^ [shop: local
      {{ aconf.get('db').x }}
                         ^ [shop: local, qa, production/us, production/eu] shop.db.x
    `);
  });

  it('looks at what the conditions around it say', () => {
    check(`${layers}
      {% if cconf.only_qa is defined %}{{ cconf.only_qa }}{% else %}{{ cconf.host }}{% endif %}
      {% if cconf.only_qa is not defined %}{% elif cconf.only_qa %}{{ cconf.only_qa }}{% endif %}
      {% if cconf.tls.on %}{{ cconf.only_qa }}{% else %}{{ cconf.gone }}{% endif %}
      {% if not cconf.tls.on and cconf.gone == 1 %}{{ cconf.gone }}{% endif %}
      {{ cconf.only_qa if cconf.only_qa is defined else 1 }} {{ cconf.only_qa is defined and cconf.only_qa }}
      {{ 'only_qa' not in cconf or cconf.only_qa }} {% if cconf.host in ['two', 'three'] %}{{ cconf.x }}{% endif %}
      {% for one in aconf.empty %}{{ cconf.x }}{% endfor %}{% if cconf.host == 'two' %}{{ cconf.x }}{% endif %}
      {% if cconf.only_qa %}
                  ^^^^^^^ [shop: local, production/us, production/eu] common.only_qa
        {{ cconf.only_qa }}
      {% endif %}
      {% if cconf.host is defined %}{{ cconf.only_qa }}{% endif %}
                                             ^^^^^^^ [shop: local
      {% if unknown %}{{ cconf.x }}{% endif %}
                               ^ [shop: local
      {% for one in cconf.list %}{{ one.x }}{{ cconf.x }}{% else %}{{ cconf.x }}{% endfor %}
                                                     ^ [shop: local
    `);
  });

  it('tells where a variable that stands for a setting is used', () => {
    check(`${layers}
      {% set db = aconf.db %}{% set x = aconf.x %}{{ db.host }}{{ x | default(1) }}{{ x is defined and x }}
      {{ x }}
         ^ [shop: local, qa, production/us, production/eu] shop.x
      {{ db.hots }}
            ^^^^ [shop: local, qa, production/us, production/eu] shop.db.hots
      {% set db = {} %}{{ db.hots }}
    `);
  });

  it('has the place where the setting is taken away', () => {
    const { files, model } = openBelow(shopManifest, layers.concat('      {{ cconf.gone }}\n'));
    const [found] = lint(model).filter((one) => one.code === 'template-undefined');
    const start = files.get('/w/configs/common-qa.yaml')!.indexOf('gone');
    expect(found?.related).toEqual([
      { message: 'taken away here', file: '/w/configs/common-qa.yaml', range: { start, end: start + 4 } },
    ]);
  });

  it('judges the variables that an app has no section for', () => {
    check(`
      //- /w/configs/common.yaml
      a: 1
      //- /w/site/deploy/templates/a
      {{ aconf }} {{ conf.a }}
      {{ cconf.x }}
         ^^^^^ [site: every context] common: the template uses
    `);
  });

  it('says nothing where a layer cannot be read in full', () => {
    check(`
      //- /w/configs/common.yaml
      common: [
      //- /w/configs/common-qa.yaml
      a: 1
      //- /w/shop/deploy/templates/a.txt
      {{ cconf.x }}
    `);
  });

  it('leaves out files that are no text, and very large ones', () => {
    const { files, model } = openBelow(
      shopManifest,
      '\n      //- /w/shop/deploy/templates/deep/er/a\n      {{ conf.x }}\n',
    );
    const count = () => lint(model).filter((one) => one.code === 'template-undefined').length;
    expect(count()).toBe(1);
    files.set('/w/shop/deploy/templates/deep/er/a', '\0{{ conf.x }}');
    expect(count()).toBe(0);
    files.set('/w/shop/deploy/templates/deep/er/a', `{{ conf.x }}${' '.repeat(1024 * 1024)}`);
    expect(count()).toBe(0);
    files.set('/w/shop/deploy/templates/deep/er/a', '{{ conf.x }}{{ conf.y }}');
    expect(count()).toBe(2);
  });
});
