import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint } from '../../core/features/lint.ts';
import { type ProblemCode, problemCodes } from '../../core/problem.ts';
import { actionsAt, shown } from '../support/actions.ts';
import { modelOf } from '../support/fixture.ts';

const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../docs/problems.md'), 'utf8');

interface Section {
  code: string;
  text: string;
  /** The files of its example. */
  files: Map<string, string>;
}

const folders: readonly [pattern: RegExp, folder: string][] = [
  [/^strata\.yaml$/, '/w'],
  [/^steps\.yaml$/, '/w/apps/shop/deploy'],
  [/^common/, '/w/configs'],
  [/\.conf$/, '/w/apps/shop/deploy/templates'],
  [/./, '/w/apps/shop/deploy/configuration'],
];

function sectionOf(part: string): Section {
  const [code = '', ...lines] = part.split('\n');
  const text = lines.join('\n');
  const example = /^```yaml\n(.*?)^```$/ms.exec(text)?.[1] ?? '';
  const files = new Map<string, string>();
  for (const [, name = '', content = ''] of example.matchAll(/^# (\S+)\n((?:(?!# ).*\n)*)/gm)) {
    const folder = folders.find(([pattern]) => pattern.test(name))?.[1];
    files.set(`${folder}/${name}`, content);
  }
  return { code, text, files };
}

const sections = page.split(/^## /m).slice(1).map(sectionOf);

/** The example in a workspace, with what it leaves to be understood. */
function opened(example: Section['files']) {
  const manifest =
    'configs: [configs]\napps: {shop: apps/shop}\nenvironments: [local, qa, staging, production]\n';
  const files = new Map([
    ['/w/strata.yaml', manifest],
    ['/w/configs/common.yaml', ''],
    ['/w/apps/shop/README.md', ''],
    ...example,
  ]);
  return modelOf(files);
}

describe('docs/problems.md', () => {
  it('has a section and a row for each code, in their order', () => {
    expect(sections.map(({ code }) => code)).toEqual(problemCodes);
    expect([...page.matchAll(/^\| \[`([\w-]+)`\]\(#\1\)/gm)].map(([, code]) => code)).toEqual(problemCodes);
  });

  it('shows an example of each, but of bytes that are no text', () => {
    expect(sections.filter(({ files }) => files.size === 0).map(({ code }) => code)).toEqual([
      'unreadable-layer',
    ]);
  });

  it.each(sections.filter(({ files }) => files.size > 0))(
    'has an example that shows $code alone',
    (section) => {
      const found = lint(opened(section.files)).map((one) => [one.code, one.severity]);
      const severity = section.text.startsWith('\nWarning.') ? 'warning' : 'error';
      expect(found).toEqual([[section.code, severity]]);
    },
  );

  it.each(sections.filter(({ files }) => files.size > 0))(
    'names the fixes of $code',
    ({ files, code, text }) => {
      const model = opened(files);
      const finding = lint(model).find((one) => one.code === (code as ProblemCode));
      const request = { problems: finding ? [shown(finding)] : [], only: ['quickfix'] };
      const actions = actionsAt(model, finding?.file ?? '', finding?.range.start ?? 0, request);
      expect(actions.length === 0).toBe(/no fix/.test(text));
      for (const { title, preferred } of actions) {
        expect(text).toMatch(`${preferred ? '★ ' : ''}_${title}_`);
      }
    },
  );
});
