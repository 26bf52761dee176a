import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../core/features/lint.ts';
import { lint } from '../../core/features/lint.ts';
import { actionsAt, changed, shown } from '../support/actions.ts';
import { modelOf } from '../support/fixture.ts';

const folder = path.resolve(import.meta.dirname, '../../examples/shop');

/** The example workspace as it is on the disk, below `/w`. */
function exampleFiles(): Map<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const texts = names.filter((name) => /\.ya?ml$/.test(name) && !name.includes('node_modules'));
  return new Map(
    texts.map((name) => [
      `/w/${name.replaceAll('\\', '/')}`,
      fs.readFileSync(path.join(folder, name), 'utf8'),
    ]),
  );
}

function key({ code, file, setting }: Finding): string {
  return `${code} ${path.basename(file)} ${setting ?? ''}`.trim();
}

describe('every deliberate problem of the example workspace', () => {
  const texts = exampleFiles();
  const model = modelOf(texts);
  const findings = lint(model);

  it('is there to be mended', () => {
    expect(findings.map(key)).toMatchInlineSnapshot(`
      [
        "public-key-missing public-data.yaml landing.analytics.site_key",
        "type-mismatch landing-qa.yaml landing.cache_time",
        "missing-value landing-production-eu.yaml landing.cdn.purge_token",
        "environment-gap landing-integration.yaml landing.analytics.dashboard",
        "unreachable-layer landing-prodution.yaml",
        "redundant-override landing-integration.yaml landing.title",
        "likely-typo landing-integration.yaml landing.taglin",
      ]
    `);
  });

  it.each(findings.map((one) => [key(one), one] as const))('goes away by its fix: %s', (name, finding) => {
    const problems = [shown(finding)];
    const found = actionsAt(model, finding.file, finding.range.start, { problems, only: ['quickfix'] });
    const action = found.find((one) => one.preferred) ?? found[0];
    const change = action?.change();
    if (change === undefined) throw new Error(`no fix for ${name}`);
    const after = lint(modelOf(changed(texts, change)));
    expect(after.map(key)).toEqual(findings.map(key).filter((one) => one !== name));
  });
});
