import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expression, grammarData, grammarOthers as others, template } from './support/grammar.ts';
import { breach, render } from './support/law.ts';
import { type Reference, startReference, whyNoJinja2 } from './support/reference.ts';

const why = whyNoJinja2();
const numRuns = Number(process.env.STRATA_JINJA_RUNS ?? 1500);

describe.skipIf(why !== undefined)(
  `generated templates next to Jinja2 itself${why ? ` (${why})` : ''}`,
  () => {
    let reference: Reference;
    beforeAll(() => {
      reference = startReference();
    });
    afterAll(() => reference.close());

    /** How many were rendered, and how many refused, of those that Jinja2 renders. */
    async function check(templates: fc.Arbitrary<string>) {
      const counts = { rendered: 0, refused: 0 };
      const law = fc.asyncProperty(templates, grammarData, async (template, data) => {
        const one = { template, data, others };
        const result = render(one);
        const [answer] = await reference.ask([one]);
        if ('text' in answer!) counts['text' in result ? 'rendered' : 'refused']++;
        expect(breach(result, answer!)).toBeUndefined();
      });
      await fc.assert(law, { numRuns });
      return counts;
    }

    test('expressions', async () => {
      const { rendered, refused } = await check(expression.map((one) => `{{ ${one} }}`));
      expect(rendered).toBeGreaterThan(refused * 8);
    });

    test('statements', async () => {
      const { rendered, refused } = await check(template);
      expect(rendered).toBeGreaterThan(refused * 8);
    });
  },
);
