import { expect, it } from 'vitest';
import { inlayHints } from '../../core/features/inlayHints.ts';
import { context } from '../../core/layers/context.ts';
import { modelOf, parseFixture } from '../support/fixture.ts';

/** The layer `common.yaml` of a workspace with its hints behind the values. */
function hinted(chosen = context('shop', 'qa')): string {
  const { files } = parseFixture(`
    //- /w/strata.yaml
    configs: [configs]
    apps: {shop: shop}
    environments: [qa, production]
    //- /w/configs/common.yaml
    a: one
    b: {c: 1, d: 2}
    list: [1]
    replaced: [1]
    gone: x
    given: !missing
    refused: y
    long: z
    //- /w/configs/common-qa.yaml
    a: two
    b: {d: 3}
    list: [2]
    replaced: !replace [2]
    gone: !deleted
    given: now
    refused: 5
    long: ${'long '.repeat(20)}
    //- /w/shop/deploy/configuration/shop-default.yaml
    shop: 1
  `);
  const text = files.get('/w/configs/common.yaml') ?? '';
  const whole = { start: 0, end: text.length };
  const hints = inlayHints(modelOf(files), '/w/configs/common.yaml', whole, chosen);
  return hints.reduceRight(
    (shown, { offset, text: hint }) => `${shown.slice(0, offset)} ${hint}${shown.slice(offset)}`,
    text,
  );
}

it('shows what the active context gets where a value does not win', () => {
  expect(hinted()).toMatchInlineSnapshot(`
    "a: one → "two" (common-qa.yaml)
    b: {c: 1, d: 2 → 3 (common-qa.yaml)}
    list: [1]
    replaced: [1] → [2] (common-qa.yaml)
    gone: x → not set (common-qa.yaml)
    given: !missing → "now" (common-qa.yaml)
    refused: y
    long: z → "long long long long long long long lon… (common-qa.yaml)
    "
  `);
});

it('shows nothing where the values win', () => {
  expect(hinted(context('shop', 'production'))).not.toContain('→');
});
