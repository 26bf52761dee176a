import { describe, expect, it } from 'vitest';
import { contextsText } from '../../core/features/contextsText.ts';
import { lint } from '../../core/features/lint.ts';
import type { ProblemCode } from '../../core/problem.ts';
import { modelOf, parseFixture } from '../support/fixture.ts';

const manifest = `
  //- /w/strata.yaml
  configs: [configs]
  apps: {shop: shop, site: site}
  environments: {local: , qa: , staging: , production: {clusters: [us, eu]}}
  //- /w/site/deploy/configuration/site-default.yaml
  site: {}
  //- /w/shop/deploy/configuration/shop-default.yaml
  shop: {}
`;

/**
 * Expects the code at the places marked by carets and nowhere else; a mark's label is the start of
 * `[contexts] message`.
 */
function check(code: ProblemCode, text: string, apps?: readonly string[]): void {
  const { files, marks } = parseFixture(manifest + text.replace(/^\n/, '').replace(/^ {4}/gm, ''));
  const model = modelOf(files);
  const found = lint(model, apps).filter((one) => one.code === code);
  const texts = found.map((one) => {
    expect(one.severity).toBe('warning');
    const label = `[${contextsText(model, one.contexts)}] ${one.setting}: ${one.message}`;
    const mark = marks.find(({ file, range }) => file === one.file && range.start === one.range.start);
    if (mark === undefined) return { file: one.file, range: one.range, label };
    return { ...mark, range: one.range, label: label.slice(0, mark.label.length) };
  });
  const sorted = (all: typeof marks) => all.map((one) => JSON.stringify(one)).sort();
  expect(sorted(texts)).toEqual(sorted(marks));
}

describe('redundant-override', () => {
  const redundant = (text: string, apps?: string[]) => check('redundant-override', text, apps);

  it('is a value that lies below in every context that reads the layer', () => {
    redundant(`
      //- /w/configs/common.yaml
      a: 1
      b: {c: x, d: 1}
      //- /w/configs/common-production.yaml
      a: 1
      ^^^^ [production/us, production/eu] a: the layers below give this value already
      b: {c: x, d: 2}
          ^^^^ [production/us, production/eu] b.c
      //- /w/configs/common-overrides.yaml
      b.c: x
        ^^^^ [every context] b.c
    `);
  });

  it('has the place below, and fades what could be left out', () => {
    const { files } = parseFixture(`
      //- /w/configs/common.yaml
      a: 1
      //- /w/configs/common-qa.yaml
      a: 1
      //- /w/shop/deploy/configuration/shop-default.yaml
      b: 1
    `);
    const [found] = lint(modelOf(files)).filter((one) => one.code === 'redundant-override');
    expect(found).toMatchObject({
      unnecessary: true,
      related: [{ file: '/w/configs/common.yaml', range: { start: 0, end: 1 } }],
    });
  });

  it('is no value that differs in one of the contexts, or in its type', () => {
    redundant(`
      //- /w/configs/common.yaml
      a: 1
      b: 1
      n: ~
      m: !missing
      //- /w/configs/common-production-eu.yaml
      a: 2
      //- /w/configs/common-qa.yaml
      b: 1.0
      m: !missing
      //- /w/configs/common-overrides.yaml
      a: 1
      n: 0
      m: 1
    `);
  });

  it('is no value that one app or a build needs', () => {
    redundant(`
      //- /w/configs/common.yaml
      a: 1
      b: 1
      //- /w/configs/common-local.yaml
      b: 2
      //- /w/configs/site-qa.yaml
      b: 1
      //- /w/site/deploy/configuration/local/common-qa.yaml
      a: 2
      //- /w/configs/common-staging.yaml
      a: 1
      ^^^^ [staging]
      //- /w/site/deploy/configuration/local/common-staging.yaml
      c: 2
    `);
  });

  it('is a list that is replaced by itself, or an empty one that is appended', () => {
    redundant(`
      //- /w/configs/common.yaml
      a: [1, {x: y}]
      b: [1]
      c: [1]
      d: [1]
      //- /w/configs/common-qa.yaml
      a: !replace [1, {x: y}]
      ^^^^^^^^^^^^^^^^^^^^^^^ [qa]
      b: []
      ^^^^^ [qa] b: an empty list adds nothing
      c: [1]
      d: !replace []
    `);
  });

  it('is neither a `!deleted` of nothing nor what comes back after one', () => {
    redundant(`
      //- /w/configs/common.yaml
      a: {b: 1}
      //- /w/configs/common-qa.yaml
      a: !deleted
      c: !deleted
      //- /w/configs/site-qa.yaml
      a: {b: 1}
      //- /w/configs/shop-qa.yaml
      a: {b: 1}
    `);
  });

  it('is nothing that an alias or a merge key needs', () => {
    redundant(`
      //- /w/configs/common.yaml
      a: {x: 1}
      b: {x: 2}
      d: 1
      e: {x: 1}
      //- /w/configs/common-qa.yaml
      a: &a {x: 1}
      b: *a
      d: &d 1
      c: *d
      e: {<<: *a}
    `);
  });

  it('is told of central layers only when all apps are looked at', () => {
    redundant(
      `
      //- /w/configs/common.yaml
      a: 1
      //- /w/configs/common-qa.yaml
      a: 1
      //- /w/shop/deploy/configuration/shop-qa.yaml
      a: 1
      ^^^^ [shop: qa]
    `,
      ['shop'],
    );
  });
});

describe('likely-typo', () => {
  const typo = (text: string) => check('likely-typo', text);

  it('is a key of one layer that is nearly one of a lower layer', () => {
    typo(`
      //- /w/configs/common.yaml
      db: {host: x, timeout: 1, max_size: 2, password: x, retry_attempts: 3, settings: {a: 1}}
      //- /w/configs/common-qa.yaml
      db:
        hots: y
        ^^^^ [qa] db.hots: no other layer has this key. Did you mean \`host\`?
        timout: 1.5
        ^^^^^^ [qa] db.timout: no other layer has this key. Did you mean \`timeout\`?
        maxSize: 3
        ^^^^^^^ [qa] db.maxSize: no other layer has this key. Did you mean \`max_size\`?
        passwort: z
        ^^^^^^^^ [qa]
        retry_atempts: 4
        ^^^^^^^^^^^^^ [qa]
        setings: {a: 2}
        ^^^^^^^ [qa]
    `);
  });

  it('is no plural, number, other word or other type', () => {
    typo(`
      //- /w/configs/common.yaml
      host1: x
      port: 1
      host: x
      max_size: 1
      x_offset: 1
      user_id: 1
      maxlength: 3
      cache: 1
      timeout: 1
      mode: a
      md5: a
      //- /w/configs/common-qa.yaml
      host2: x
      ports: 1
      post: x
      min_size: 1
      y_offset: 1
      user_ip: 1
      minlength: 3
      cached: 1
      timeouts: [1]
      node: a
      md4: a
      timout: x
    `);
  });

  it('is no key that stands beside the other, or in another layer as well', () => {
    typo(`
      //- /w/configs/common.yaml
      timeout: 1
      content: x
      //- /w/configs/common-qa.yaml
      timeout: 1
      timout: 2
      //- /w/configs/common-staging.yaml
      content: y
      conntent: y
      //- /w/configs/common-production.yaml
      contents: z
      timeoutt: 1
      //- /w/configs/shop-qa.yaml
      timeoutt: 1
      //- /w/configs/site-staging.yaml
      timeoutt: 1
    `);
  });
});

describe('environment-gap', () => {
  const gap = (text: string) => check('environment-gap', text);

  it('is a setting that all environments have but one', () => {
    gap(`
      //- /w/configs/common.yaml
      mail: {host: x}
      //- /w/configs/common-qa.yaml
      mail: {user: a}
      //- /w/configs/common-staging.yaml
      mail: {port: 25}
      ^^^^ [staging] mail.user: no layer gives this in staging; qa, production have it
      //- /w/configs/common-production.yaml
      mail: {user: b}
    `);
  });

  it('of a whole section is one gap; clusters count together', () => {
    gap(`
      //- /w/shop/deploy/configuration/shop-qa.yaml
      shop: {sentry: {dsn: a, rate: 1}, proxy: x}
      //- /w/shop/deploy/configuration/shop-staging.yaml
      shop: {proxy: x}
      ^^^^ [shop: staging] shop.sentry: no layer gives this
      //- /w/shop/deploy/configuration/shop-production-us.yaml
      shop: {sentry: {dsn: a, rate: 1}, proxy: x}
      //- /w/shop/deploy/configuration/shop-production-eu.yaml
      shop: {sentry: {dsn: a}}
    `);
  });

  it('is none where another layer gives it, or says that it goes without', () => {
    gap(`
      //- /w/configs/common-qa.yaml
      a: 1
      b: 1
      c: 1
      d: ~
      //- /w/configs/common-staging.yaml
      b: !deleted
      d: ~
      //- /w/configs/common-production.yaml
      a: 1
      b: 1
      c: 1
      d: ~
      //- /w/configs/shop-staging.yaml
      a: 1
      c: !missing
      //- /w/configs/site.yaml
      a: 1
      c: 1
    `);
  });

  it('is none in two environments, in `local`, or in one without layers of the kind', () => {
    gap(`
      //- /w/configs/common-qa.yaml
      b: 1
      //- /w/configs/common-local.yaml
      a: 1
      //- /w/configs/common-staging.yaml
      a: 1
      b: 1
      //- /w/configs/common-production.yaml
      b: 1
      //- /w/configs/shop-qa.yaml
      c: 1
      //- /w/configs/shop-production.yaml
      c: 1
    `);
  });

  it('is none while a layer cannot be read in full', () => {
    gap(`
      //- /w/configs/common-qa.yaml
      a: 1
      //- /w/configs/common-staging.yaml
      b: [
      //- /w/configs/common-production.yaml
      a: 1
    `);
  });
});
