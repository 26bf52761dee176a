import { describe, expect, it } from 'vitest';
import { effectiveSettings } from '../../core/features/effectiveSettings.ts';
import { valueText } from '../../core/features/explain.ts';
import { context } from '../../core/layers/context.ts';
import { modelOf, parseFixture } from '../support/fixture.ts';

function settings(text: string, environment = 'production'): string[] {
  const model = modelOf(parseFixture(text).files);
  return effectiveSettings(model, context('shop', environment)).map(
    ({ path, value, kind, file, keyRange }) =>
      `${path.join('.')} = ${valueText(value)} ${kind} ${file}@${keyRange.start}`,
  );
}

const workspace = `
  //- /w/strata.yaml
  configs: [configs]
  apps: {shop: shop}
  environments: [qa, production]
  //- /w/shop/deploy/configuration/shop-default.yaml
`;

describe('the settings of a configuration', () => {
  it('are told in its order, each with how it came to its value', () => {
    const text = `${workspace}
  one: 1
  db: {host: low, port: !missing ask ops, name: !missing, none: {}}
  hosts: [a]
  only: [a]
  gone: 1
  "8080": x
  //- /w/configs/shop-production.yaml
  db: {host: high, name: shop}
  hosts: [b]
  gone: !deleted
  new: {deep: {er: true}}
  `;
    expect(settings(text)).toMatchInlineSnapshot(`
      [
        "yoconfigurator.app = "shop" builtIn @0",
        "one = 1 own /w/shop/deploy/configuration/shop-default.yaml@1",
        "db.host = "high" overridden /w/configs/shop-production.yaml@5",
        "db.port = !missing ask ops placeholder /w/shop/deploy/configuration/shop-default.yaml@24",
        "db.name = "shop" own /w/configs/shop-production.yaml@17",
        "db.none = {} own /w/shop/deploy/configuration/shop-default.yaml@64",
        "hosts = ["a", "b"] appended /w/configs/shop-production.yaml@29",
        "only = ["a"] own /w/shop/deploy/configuration/shop-default.yaml@85",
        "8080 = "x" own /w/shop/deploy/configuration/shop-default.yaml@103",
        "new.deep.er = true own /w/configs/shop-production.yaml@68",
      ]
    `);
  });

  it('count a list that replaces as one that overrides, and a refused value not at all', () => {
    const text = `${workspace}
  hosts: [a]
  port: 1
  //- /w/configs/shop-production.yaml
  hosts: !replace [b]
  port: text
  `;
    expect(settings(text)).toMatchInlineSnapshot(`
      [
        "yoconfigurator.app = "shop" builtIn @0",
        "hosts = ["b"] overridden /w/configs/shop-production.yaml@0",
        "port = 1 own /w/shop/deploy/configuration/shop-default.yaml@12",
      ]
    `);
  });

  it('hold an empty mapping where nothing of it is left', () => {
    const text = `${workspace}
  a: {b: 1}
  //- /w/configs/shop-production.yaml
  a: {b: !deleted}
  `;
    expect(settings(text)).toMatchInlineSnapshot(`
      [
        "yoconfigurator.app = "shop" builtIn @0",
        "a = {} overridden /w/configs/shop-production.yaml@0",
      ]
    `);
  });

  it("are Strata's own where no layer says anything", () => {
    expect(settings(workspace)).toEqual(['yoconfigurator.app = "shop" builtIn @0']);
  });
});
