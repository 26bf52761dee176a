import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { templateVariables } from '../../../core/jinja/configuration.ts';
import { deployTemplates } from './support/deployTemplates.ts';
import { documented } from './support/documented.ts';
import { breach, render } from './support/law.ts';
import { type Reference, startReference, whyNoJinja2 } from './support/reference.ts';
import { others, snippetData, snippets } from './support/snippets.ts';

const why = whyNoJinja2();

const unusualData =
  '{"shop": {"nan": NaN, "inf": Infinity, "minus": -Infinity, "big": 1e400, "list": [NaN, -1e400], "text": "NaN", "words": ["Infinity"]}}';
const unusual = [
  '{{ aconf.nan }} {{ aconf.inf }} {{ aconf.minus }} {{ aconf.big }} {{ aconf.list[1] }} {{ aconf.text }}',
  ...['aconf', 'aconf.list', 'aconf.nan == aconf.nan', 'aconf.nan in aconf.list', 'aconf.inf > 10 ** 400'],
  ...['aconf|tojson', 'aconf.inf|int', 'aconf.nan|int', 'aconf.nan|round', 'aconf.inf + 1', '-aconf.inf'],
  ...['aconf.nan is number', 'aconf.nan is float', 'aconf.text is string', 'aconf.nan|default(1, true)'],
  ...['aconf.list|sum', 'aconf.list|max', 'aconf.list|sort', '"%d" % aconf.inf', '"%.1f" % aconf.nan'],
  ...['"{:.2f}".format(aconf.inf)', 'aconf.nan|string|length', '{aconf.inf: 1}', '{aconf.nan: 1}'],
  ...['aconf.words', 'aconf.inf|abs', 'aconf.minus|filesizeformat', 'aconf.nan < 1', 'aconf.inf // 2'],
].map((one, at) => (at === 0 ? one : `{{ ${one} }}`));

/** Configurations, and the setting that is told. */
const halves: readonly [data: string, where: string][] = [
  ['{"shop": {"a": "\\ud83d"}}', 'shop.a'],
  ['{"shop": {"a": ["x", "b\\ud83dc"]}}', 'shop.a.1'],
  ['{"shop": {"a": 1, "\\ud83d": 1}}', 'a key of shop'],
];

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

    test('numbers that JSON has no digits for', async () => {
      const cases = unusual.map((template) => ({ template, data: unusualData }));
      const answers = await reference.ask(cases);
      const found = cases.map((one, at) => [one.template, breach(render(one), answers[at]!)]);
      expect(found.filter(([, why]) => why !== undefined)).toEqual([]);
      const [first] = answers;
      expect(render(cases[0]!)).toEqual(first);
      expect(first).toEqual({ text: 'nan inf -inf inf -inf NaN' });
    });

    test('half a surrogate pair in the configuration: Jinja2 makes a text of it that no file can have', async () => {
      for (const [data, where] of halves) {
        const [answer] = await reference.ask([{ template: '{{ aconf }}{{ aconf.a }}', data }]);
        const text = answer !== undefined && 'text' in answer ? answer.text : '';
        expect(text).toMatch(/\\ud83d|\ud83d/);
        const fault = `configuration.json: ${where} holds half a surrogate pair`;
        expect(templateVariables(data, 'shop')).toEqual({ fault: expect.stringContaining(fault) });
      }
      const whole = { template: '{{ aconf.a }}', data: '{"shop": {"a": "\\ud83d\\ude00"}}' };
      expect([render(whole)]).toEqual(await reference.ask([whole]));
    });
  },
);
