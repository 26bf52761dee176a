import { describe, expect, it } from 'vitest';
import { effectiveDocument } from '../../core/features/effectiveDocument.ts';
import { context } from '../../core/layers/context.ts';
import { modelOf, parseFixture } from '../support/fixture.ts';

describe('the effective document', () => {
  it('has the source of each value behind it', () => {
    const { files } = parseFixture(`
      //- /w/strata.yaml
      configs: [configs]
      apps: {shop: shop}
      environments: [qa]
      //- /w/configs/common.yaml
      db:
        host: one
        ports: [1, {inner: 2}]
        password: !missing ask ops
      big: 100000000000000000000
      text: |
        two
        lines
      gone: 1
      //- /w/configs/common-qa.yaml
      db: {host: two, ports: [1.0]}
      gone: !deleted
      big: wrong
      //- /w/shop/deploy/configuration/shop-default.yaml
      empty: {}
      "8080": "yes"
    `);
    expect(effectiveDocument(modelOf(files), context('shop', 'qa'))).toMatchInlineSnapshot(`
      "# shop in qa: what its layers give together
      yoconfigurator:
        app: shop # (built-in)
      db:
        host: two # configs/common-qa.yaml:1
        ports:
          - 1 # configs/common.yaml:3
          - inner: 2 # configs/common.yaml:3
          - 1.0 # configs/common-qa.yaml:1
        password: !missing ask ops # configs/common.yaml:4
      big: 100000000000000000000 # configs/common.yaml:5
      text: | # configs/common.yaml:6
        two
        lines
      empty: {}
      "8080": yes # shop/deploy/configuration/shop-default.yaml:2
      "
    `);
  });
});
