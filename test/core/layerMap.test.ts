import { describe, expect, it } from 'vitest';
import { layerMap } from '../../core/features/layerMap.ts';
import { contextLabel } from '../../core/layers/context.ts';
import { modelOf, parseFixture } from '../support/fixture.ts';

/** A line a section, with its layers: `common qa 1/2` for two settings of which one wins in `qa`. */
function map(text: string): string[] {
  const found = layerMap(modelOf(parseFixture(text).files), 'shop');
  const rows = found.sections.map(({ path, cells }) => {
    const told = cells.map(({ layer, contexts, keyRange }) => {
      const counts = contexts.map(({ context, given, won }) => {
        const of = found.contexts[context];
        return `${of && contextLabel(of)} ${won}/${given}`;
      });
      return `${found.layers[layer]?.slot}@${keyRange.start} ${counts.join(' ')}`;
    });
    return `${path.join('.')}: ${told.join(', ')}`;
  });
  return [`[${found.layers.map(({ slot }) => slot).join(' < ')}]`, ...rows];
}

describe('the map of an app', () => {
  it('tells which layers speak of a section, and how much of it is theirs in each context', () => {
    expect(
      map(`
        //- /w/strata.yaml
        configs: [configs]
        apps: {shop: shop}
        environments: {qa: , production: {clusters: [us, eu]}}
        //- /w/configs/common.yaml
        db: {host: a, port: 1}
        hosts: [a]
        //- /w/configs/common-production-eu.yaml
        db: {host: c}
        //- /w/shop/deploy/configuration/shop-default.yaml
        shop: 1
        hosts: [b]
        //- /w/configs/shop-production.yaml
        db: {host: b}
        shop: !deleted
        hosts: !replace [c]
      `),
    ).toMatchInlineSnapshot(`
      [
        "[common < common-production-eu < shop-default < shop-production]",
        "db.host: common@5 qa 1/1 production/us 0/1 production/eu 0/1, common-production-eu@5 production/eu 0/1, shop-production@5 production/us 1/1 production/eu 1/1",
        "db.port: common@14 qa 1/1 production/us 1/1 production/eu 1/1",
        "hosts: common@23 qa 1/1 production/us 0/1 production/eu 0/1, shop-default@8 qa 1/1 production/us 0/1 production/eu 0/1, shop-production@29 production/us 1/1 production/eu 1/1",
        "shop: shop-default@0 qa 1/1 production/us 0/1 production/eu 0/1, shop-production@14 production/us 1/1 production/eu 1/1",
      ]
    `);
  });

  it('tells layers of one name apart by the folders they are in', () => {
    const { files } = parseFixture(`
      //- /w/strata.yaml
      configs: [configs]
      apps: {shop: apps/shop}
      environments: [qa]
      //- /w/configs/common.yaml
      a: 1
      //- /w/configs/shop-qa.yaml
      a: 2
      //- /w/apps/shop/deploy/configuration/shop-qa.yaml
      a: 3
    `);
    const { layers } = layerMap(modelOf(files), 'shop');
    expect(layers.map(({ slot, place }) => `${slot} ${place}`)).toEqual([
      'common null',
      'shop-qa apps/…',
      'shop-qa configs',
    ]);
  });

  it('keeps the order of every stack, and knows no build layers and no built-in one', () => {
    expect(
      map(`
        //- /w/strata.yaml
        configs: [configs]
        apps: {shop: shop}
        environments: [qa, production]
        //- /w/configs/common-qa.yaml
        a: 1
        //- /w/configs/common-production.yaml
        a: 2
        //- /w/configs/common-build.yaml
        a: 3
        //- /w/configs/common-overrides.yaml
        a: 4
      `),
    ).toMatchInlineSnapshot(`
      [
        "[common-qa < common-production < common-overrides]",
        "a: common-qa@0 qa 0/1, common-production@0 production 0/1, common-overrides@0 qa 1/1 production 1/1",
      ]
    `);
  });
});
