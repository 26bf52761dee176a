import { describe, expect, it } from 'vitest';
import { lint } from '../../core/features/lint.ts';
import { actionsAt, changed } from '../support/actions.ts';
import { modelOf, openBelow, shopManifest } from '../support/fixture.ts';

/** What a template with its problems at the cursor becomes by its fixes, and how many problems are left. */
function fixes(template: string, settings = '{db: {host: x}, cache_time: 1, a-b: 1}'): string[] {
  const { files, model, cursor } = openBelow(
    shopManifest,
    `      //- /w/configs/shop.yaml\n      shop: ${settings}\n      //- /w/shop/deploy/templates/shop.conf\n      ${template}\n`,
  );
  return actionsAt(model, cursor.file, cursor.offset).map((one) => {
    const change = one.change();
    if (change === undefined) return `${one.title}: refused`;
    const after = changed(files, change);
    return `${one.preferred ? '* ' : ''}${one.title}: ${after.get(cursor.file)?.trimEnd()} (${lint(modelOf(after)).length} left)`;
  });
}

describe('a setting that a template misspells', () => {
  it.each([
    ['{{ aconf.cache$0time }}', '{{ aconf.cache_time }}'],
    ["{{ conf['shop']['cache$0time'] }}", "{{ conf['shop']['cache_time'] }}"],
    ['{{ conf["shop"]["d$0bb"].host | upper }}', '{{ conf["shop"]["db"].host | upper }}'],
    ['{{ aconf.d$0bb["host"] }}', '{{ aconf.db["host"] }}'],
    ['{{ aconf.get("db").hos$0tt }}', '{{ aconf.get("db").host }}'],
    ['{{ conf.sho$0pp.db.host }}', '{{ conf.shop.db.host }}'],
    ['{{ aconf.a$0_b }}', "{{ aconf['a-b'] }}"],
    ['{% set db = aconf.dbb %}{{ d$0b.host }}', '{% set db = aconf.db %}{{ db.host }}'],
    [
      "{% with d = conf['shop'].dbb %}{{ $0d.host }}{% endwith %}",
      "{% with d = conf['shop'].db %}{{ d.host }}{% endwith %}",
    ],
  ])('%s', (template, expected) => {
    const [found = 'none'] = fixes(template);
    expect(found).toContain(`: ${expected} (0 left)`);
  });

  it('has a fix only where a name is near', () => {
    expect(fixes('{{ aconf.oth$0er }}')).toEqual([]);
    expect(fixes('{{ aconf.db.host.nam$0e }}')).toEqual([]);
  });
});

describe('a key of the manifest', () => {
  it('that is given twice goes', () => {
    const { files, model, cursor } = openBelow(
      '',
      '    //- /w/strata.yaml\n    configs: [configs]\n    $0configs: [other]\n    environments: [qa]\n    //- /w/configs/common.yaml\n    a: 1\n    //- /w/other/b.yaml\n    a: 1\n',
    );
    const [action] = actionsAt(model, cursor.file, cursor.offset);
    expect(action?.title).toBe('Remove this second one');
    const change = action?.change();
    expect(change && changed(files, change).get(cursor.file)).toBe(
      'configs: [configs]\nenvironments: [qa]\n',
    );
  });
});
