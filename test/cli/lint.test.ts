import fs from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { strata } from '../support/cli.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const shop = `
//- /strata.yaml
configs: [configs]
apps: {shop: apps/shop, blog: apps/blog}
environments: {qa: {}, production: {clusters: [us, eu]}}
//- /configs/common.yaml
port: 80
token: !missing
//- /configs/common-production.yaml
port: "80"
//- /configs/common-qa.yaml
token: x
//- /configs/shop-production-us.yaml
token: y
//- /configs/common-prodution.yaml
a: 1
//- /apps/shop/deploy/configuration/shop-default.yaml
a: 1
//- /apps/shop/deploy/configuration/shop-default.yml
a: 1
//- /apps/blog/deploy/configuration/blog-default.yaml
a: [
`;

const onlyWarnings = `
//- /common-qa.yaml
a: 1
//- /shop-qa.yaml
a: 2
//- /shop-qa.json
{}
`;

const lint = (cwd: string, ...args: string[]) => strata(['lint', ...args], { cwd });

describe('strata lint', () => {
  it('tells each problem once, with the contexts it holds in', async () => {
    const { code, stdout, stderr } = await lint(writeFiles(shop));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatchInlineSnapshot(`
      "apps/blog/deploy/configuration/blog-default.yaml:2:1: error yaml-syntax: flow sequence in block collection must be sufficiently indented and end with a ] [blog: every context]
      apps/shop/deploy/configuration/shop-default.yml:1:1: warning ambiguous-layer: \`shop-default.yaml\` stands beside it and is loaded in its place: keep one of them
        apps/shop/deploy/configuration/shop-default.yaml:1:1: loaded
      configs/common-production.yaml:1:7: error type-mismatch: port: refusing to replace an integer with a string [production/us, production/eu]
        configs/common.yaml:1:7: integer given here
      configs/common-prodution.yaml:1:1: warning unreachable-layer: no context loads this file. Did you mean \`common-production\`?
      configs/common.yaml:2:8: error missing-value: token: no layer gives this value [shop: production/eu; blog: production/us, production/eu]
      3 errors, 2 warnings
      "
    `);
  });

  it('can be asked about one app', async () => {
    const { code, stderr } = await lint(writeFiles(shop), 'shop');
    expect(code).toBe(1);
    expect(stderr).toMatchInlineSnapshot(`
      "apps/shop/deploy/configuration/shop-default.yml:1:1: warning ambiguous-layer: \`shop-default.yaml\` stands beside it and is loaded in its place: keep one of them
        apps/shop/deploy/configuration/shop-default.yaml:1:1: loaded
      configs/common-production.yaml:1:7: error type-mismatch: port: refusing to replace an integer with a string [shop: production/us, production/eu]
        configs/common.yaml:1:7: integer given here
      configs/common.yaml:2:8: error missing-value: token: no layer gives this value [shop: production/eu]
      2 errors, 1 warning
      "
    `);
  });

  it('says that all is well', async () => {
    const cwd = writeFiles('//- /common-qa.yaml\na: 1\n//- /shop-qa.yaml\na: 2\n');
    expect(await lint(cwd)).toEqual({ code: 0, stdout: '', stderr: 'no problems\n' });
  });

  it('checks a workspace whose layers name no environment', async () => {
    const cwd = writeFiles('//- /deploy/configuration/shop-default.yaml\na: *b\n');
    expect(await lint(cwd)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('shop-default.yaml:1:4: error yaml-syntax: no anchor `&b`'),
    });
  });

  it('checks central layers that no app reads', async () => {
    const cwd = writeFiles('//- /common.yaml\na: 1\n//- /common-qa.yaml\n- a\n');
    expect(await lint(cwd)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('common-qa.yaml:1:1: error not-a-mapping: '),
    });
  });

  it('takes the manifest for no layer', async () => {
    const cwd = writeFiles('//- /strata.yaml\nenvironments: [qa]\n//- /common.yaml\na: 1\n//- /shop.yaml\n');
    expect(await lint(cwd)).toMatchObject({ code: 0, stderr: 'no problems\n' });
    const { stdout } = await strata(['explain', 'a', '--json'], { cwd });
    expect(JSON.parse(stdout).apps.map((one: { app: string }) => one.app)).toEqual(['shop']);
  });

  it('finds the deliberate problems of the example workspace, and no others', async () => {
    const cwd = path.resolve(import.meta.dirname, '../../examples/shop');
    const { stdout } = await lint(cwd, '--json');
    const problems = JSON.parse(stdout).problems as { code: string; setting: string; file: string }[];
    expect(problems.map(({ code, setting, file }) => [path.basename(file), code, setting])).toEqual([
      ['landing-integration.yaml', 'redundant-override', 'landing.title'],
      ['landing-integration.yaml', 'likely-typo', 'landing.taglin'],
      ['landing-integration.yaml', 'environment-gap', 'landing.analytics.dashboard'],
      ['landing-production-eu.yaml', 'missing-value', 'landing.cdn.purge_token'],
      ['landing-production-us.yaml', 'schema', 'landing.analytics.sample_percent'],
      ['landing-prodution.yaml', 'unreachable-layer', null],
      ['landing-qa.yaml', 'type-mismatch', 'landing.cache_time'],
      ['public-data.yaml', 'public-key-missing', 'landing.analytics.site_key'],
      ['landing.conf', 'template-undefined', 'landing.cachetime'],
    ]);
    const folders = new Set(problems.map(({ file }) => path.dirname(file)));
    expect([...folders]).toEqual([
      'apps/landing/deploy/configuration',
      'apps/landing/deploy/templates/nginx',
    ]);
  });
});

it('finds nothing wrong with the example that is deployed', async () => {
  const cwd = path.resolve(import.meta.dirname, '../../examples/fleet');
  expect(await lint(cwd)).toMatchObject({ code: 0, stderr: 'no problems\n' });
});

it('tells of the faults that the shop cannot have, and render refuses them', async () => {
  const cwd = path.resolve(import.meta.dirname, '../../examples/faults');
  const { code, stdout } = await lint(cwd, '--json');
  const problems = JSON.parse(stdout).problems as { code: string; file: string }[];
  expect(code).toBe(1);
  expect(problems.map((one) => `${path.basename(one.file)} ${one.code}`)).toEqual([
    'kiosk-local.yaml yaml-syntax',
    'kiosk-production.yaml yaml-syntax',
    'kiosk-qa.yaml duplicate-key',
    'steps.yaml steps',
    'common-qa.yaml unreadable-layer',
    'kiosk-production.yml ambiguous-layer',
    'kiosk-qa.yaml several-documents',
    'kiosk.yaml not-a-mapping',
    'strata.yaml manifest',
  ]);
  expect((await strata(['render', 'kiosk', 'qa'], { cwd })).code).toBe(1);
});

describe.concurrent('the exit code of strata lint', () => {
  it.each([
    [[], 0],
    [['--max-warnings', '1'], 0],
    [['--max-warnings', '0'], 1],
    [['--json', '--max-warnings', '0'], 1],
    [['--max-warnings', 'x'], 2],
    [['--max-warnings', '-1'], 2],
    [['shpo'], 2],
    [['-C', 'nowhere'], 2],
  ])('with one warning and %j is %i', async (args, code) => {
    expect(await lint(writeFiles(onlyWarnings), ...args)).toMatchObject({ code });
  });
});

describe('strata lint --json', () => {
  it('has a stable form, with files named from the workspace', async () => {
    const cwd = writeFiles(shop);
    const { code, stdout, stderr } = await lint(path.join(cwd, 'configs'), '--json', 'shop');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    const { version, problems } = JSON.parse(stdout);
    expect(version).toBe(1);
    const context = (cluster: string) => ({
      app: 'shop',
      environment: 'production',
      cluster,
      mode: 'deploy',
      label: `production/${cluster}`,
    });
    expect(problems).toContainEqual({
      code: 'type-mismatch',
      severity: 'error',
      setting: 'port',
      message: 'refusing to replace an integer with a string',
      file: 'configs/common-production.yaml',
      line: 1,
      column: 7,
      contexts: [context('us'), context('eu')],
      related: [{ message: 'integer given here', file: 'configs/common.yaml', line: 1, column: 7 }],
    });
    expect(problems).toContainEqual({
      code: 'ambiguous-layer',
      severity: 'warning',
      setting: null,
      message: '`shop-default.yaml` stands beside it and is loaded in its place: keep one of them',
      file: 'apps/shop/deploy/configuration/shop-default.yml',
      line: 1,
      column: 1,
      contexts: [],
      related: [
        {
          message: 'loaded',
          file: 'apps/shop/deploy/configuration/shop-default.yaml',
          line: 1,
          column: 1,
        },
      ],
    });
  });

  it('is an empty list where all is well', async () => {
    const { code, stdout } = await lint(writeFiles('//- /common-qa.yaml\na: 1\n//- /shop.yaml\n'), '--json');
    expect({ code, ...JSON.parse(stdout) }).toEqual({ code: 0, version: 1, problems: [] });
  });
});

describe('strata lint --sarif', () => {
  const schemaFile = path.resolve(import.meta.dirname, '../fixtures/sarif-2.1.0-rtm.5.json');

  /** The schema is of draft 4, and says nothing in the way of that draft but its head. */
  function sarifValidator() {
    const { $schema: _, id: __, ...schema } = JSON.parse(fs.readFileSync(schemaFile, 'utf8'));
    const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
    addFormats.default(ajv);
    return ajv.compile(schema);
  }

  it('fits the schema', async () => {
    const validate = sarifValidator();
    const odd = `${shop}
//- /configs/common local%20é.yaml
//- /configs/shop.yaml
db: *x
`;
    for (const text of [shop, odd, '//- /common-qa.yaml\na: 1\n//- /shop.yaml\n']) {
      const { stdout } = await lint(writeFiles(text), '--sarif');
      validate(JSON.parse(stdout));
      expect(validate.errors).toBeNull();
    }
    expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  });

  it('holds the places and the rules', async () => {
    const { code, stdout } = await lint(writeFiles(shop), '--sarif', 'shop');
    expect(code).toBe(1);
    const [{ tool, results }] = JSON.parse(stdout).runs;
    const mismatch = results.find((one: { ruleId: string }) => one.ruleId === 'type-mismatch');
    expect(tool.driver.rules[mismatch.ruleIndex].id).toBe('type-mismatch');
    expect(mismatch).toMatchObject({
      level: 'error',
      message: {
        text: 'port: refusing to replace an integer with a string [shop: production/us, production/eu]',
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'configs/common-production.yaml', uriBaseId: 'ROOT' },
            region: { startLine: 1, startColumn: 7 },
          },
        },
      ],
    });
  });
});
