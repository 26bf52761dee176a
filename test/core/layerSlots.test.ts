import { describe, expect, it } from 'vitest';
import { layerSlots } from '../../core/features/layerSlots.ts';
import { contextLabel } from '../../core/layers/context.ts';
import { modelOf, parseFixture } from '../support/fixture.ts';

function slots(text: string): string[] {
  return layerSlots(modelOf(parseFixture(text).files), 'shop').map(
    ({ slot, folder, file, contexts }) =>
      `${folder}/${slot}${file === undefined ? '' : ' (there)'}: ${contexts.map(contextLabel).join(' ')}`,
  );
}

describe('the slots of an app', () => {
  it('are all places where a layer is or could be, lowest first', () => {
    expect(
      slots(`
        //- /w/strata.yaml
        configs: [configs, more]
        apps: {shop: shop}
        environments: [qa]
        //- /w/configs/common.yml
        a: 1
        //- /w/more/shop-qa.json
        {}
        //- /w/shop/deploy/configuration/shop-default.yaml
        a: 1
      `),
    ).toMatchInlineSnapshot(`
      [
        "/w/shop/deploy/configuration/local/hostname: qa (build)",
        "/w/configs/hostname: qa qa (build)",
        "/w/more/hostname: qa qa (build)",
        "/w/shop/deploy/configuration/local/hostname-local: qa (build)",
        "/w/configs/hostname-local: qa (build)",
        "/w/more/hostname-local: qa (build)",
        "/w/shop/deploy/configuration/local/hostname-build: qa (build)",
        "/w/configs/hostname-build: qa (build)",
        "/w/more/hostname-build: qa (build)",
        "/w/shop/deploy/configuration/local/common: qa (build)",
        "/w/configs/common (there): qa qa (build)",
        "/w/more/common: qa qa (build)",
        "/w/shop/deploy/configuration/local/common-qa: qa (build)",
        "/w/configs/common-qa: qa qa (build)",
        "/w/more/common-qa: qa qa (build)",
        "/w/shop/deploy/configuration/local/common-qa-None: qa (build)",
        "/w/configs/common-qa-None: qa qa (build)",
        "/w/more/common-qa-None: qa qa (build)",
        "/w/shop/deploy/configuration/local/common-local: qa (build)",
        "/w/configs/common-local: qa (build)",
        "/w/more/common-local: qa (build)",
        "/w/shop/deploy/configuration/local/common-build: qa (build)",
        "/w/configs/common-build: qa (build)",
        "/w/more/common-build: qa (build)",
        "/w/shop/deploy/configuration/local/common-overrides: qa (build)",
        "/w/configs/common-overrides: qa qa (build)",
        "/w/more/common-overrides: qa qa (build)",
        "/w/shop/deploy/configuration/shop-default (there): qa qa (build)",
        "/w/shop/deploy/configuration/shop-qa: qa qa (build)",
        "/w/shop/deploy/configuration/shop-qa-None: qa qa (build)",
        "/w/shop/deploy/configuration/local/shop: qa (build)",
        "/w/configs/shop: qa qa (build)",
        "/w/more/shop: qa qa (build)",
        "/w/shop/deploy/configuration/local/shop-qa: qa (build)",
        "/w/configs/shop-qa: qa qa (build)",
        "/w/more/shop-qa (there): qa qa (build)",
        "/w/shop/deploy/configuration/local/shop-qa-None: qa (build)",
        "/w/configs/shop-qa-None: qa qa (build)",
        "/w/more/shop-qa-None: qa qa (build)",
        "/w/shop/deploy/configuration/shop-local: qa (build)",
        "/w/shop/deploy/configuration/shop-build: qa (build)",
        "/w/shop/deploy/configuration/local/shop-local: qa (build)",
        "/w/configs/shop-local: qa (build)",
        "/w/more/shop-local: qa (build)",
        "/w/shop/deploy/configuration/local/shop-build: qa (build)",
        "/w/configs/shop-build: qa (build)",
        "/w/more/shop-build: qa (build)",
        "/w/shop/deploy/configuration/local/shop-overrides: qa (build)",
        "/w/configs/shop-overrides: qa qa (build)",
        "/w/more/shop-overrides: qa qa (build)",
      ]
    `);
  });
});
