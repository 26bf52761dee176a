import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deployTemplates } from './support/deployTemplates.ts';
import { documented } from './support/documented.ts';
import { breach, render } from './support/law.ts';
import { type Reference, startReference, whyNoJinja2 } from './support/reference.ts';
import { others, snippetData, snippets } from './support/snippets.ts';

const why = whyNoJinja2();

describe.skipIf(why !== undefined)(
  `rendering next to Jinja2 itself${why === undefined ? '' : ` (${why})`}`,
  () => {
    let reference: Reference;
    beforeAll(() => {
      reference = startReference();
    });
    afterAll(() => reference.close());

    async function breaches(templates: readonly string[]): Promise<{ found: string[]; texts: number }> {
      const cases = templates.map((template) => ({ template, data: snippetData, others }));
      const answers = await reference.ask(cases);
      const results = cases.map(render);
      const found = cases.flatMap(({ template }, at) => {
        const why = breach(results[at]!, answers[at]!);
        return why === undefined ? [] : [`${JSON.stringify(template)}: ${why}`];
      });
      return { found, texts: results.filter((one) => 'text' in one).length };
    }

    test('what is documented', async () => {
      const { found, texts } = await breaches(documented);
      expect(found).toEqual([]);
      expect(texts / documented.length).toBeGreaterThan(0.5);
    });

    test('edges of all constructs', async () => {
      const { found, texts } = await breaches(snippets);
      expect(found).toEqual([]);
      expect(texts / snippets.length).toBeGreaterThan(0.5);
    });

    test('templates as they are deployed: every one is rendered', async () => {
      const { found, texts } = await breaches(deployTemplates);
      expect(found).toEqual([]);
      expect(texts).toBe(deployTemplates.length);
    });
  },
);
