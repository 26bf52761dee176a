import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { AppExplanations } from '../../cli/commands/explain.ts';
import { explanationTable } from '../../cli/output/explanationTable.ts';
import { colorsFor } from '../../cli/output/problems.ts';
import { stepNames } from '../../core/steps/stepNames.ts';
import { strata } from '../support/cli.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';

const shop = `
//- /strata.yaml
configs: [configs]
apps: {shop: apps/shop, blog: apps/blog}
environments: {qa: {}, production: {clusters: [us, eu]}}
//- /configs/common.yaml
db:
  host: db.qa
  password: !missing ask operations
old: 1
list: [1]
//- /configs/common-production.yaml
db.host: db.production
old: !deleted
list: [2, !missing x]
//- /configs/common-production-eu.yaml
list: !replace [3]
db.host: 5
//- /apps/shop/deploy/configuration/shop-default.yaml
name: shop
//- /apps/blog/deploy/configuration/blog-default.yaml
name: blog
`;

const explain = (cwd: string, ...args: string[]) => strata(['explain', ...args], { cwd });

describe('strata explain', () => {
  it('shows the value in every environment and the chains, layers without a say included', async () => {
    const { code, stdout } = await explain(writeFiles(shop), 'db.host');
    expect(code).toBe(0);
    expect(stdout).toMatchInlineSnapshot(`
      "db.host  shop, blog

        environment                   effective value  from
        qa                            "db.qa"          configs/common.yaml:2:3
        production/us, production/eu  "db.production"  configs/common-production.yaml:1:4

      qa, lowest layer first
        > set  "db.qa"  configs/common.yaml:2:3
        no say: apps/shop/deploy/configuration/shop-default.yaml, apps/blog/deploy/configuration/blog-default.yaml

      production/us, lowest layer first
          set  "db.qa"          configs/common.yaml:2:3
        > set  "db.production"  configs/common-production.yaml:1:4
        no say: apps/shop/deploy/configuration/shop-default.yaml, apps/blog/deploy/configuration/blog-default.yaml

      production/eu, lowest layer first
          set      "db.qa"          configs/common.yaml:2:3
        > set      "db.production"  configs/common-production.yaml:1:4
          refused  5                configs/common-production-eu.yaml:2:4
        no say: apps/shop/deploy/configuration/shop-default.yaml, apps/blog/deploy/configuration/blog-default.yaml
      "
    `);
  });

  it('shows apps apart that differ', async () => {
    const { stdout } = await explain(writeFiles(shop), 'name', '--env', 'qa');
    expect(stdout).toMatchInlineSnapshot(`
      "name  shop

        environment  effective value  from
        qa           "shop"           apps/shop/deploy/configuration/shop-default.yaml:1:1

      qa, lowest layer first
        > set  "shop"  apps/shop/deploy/configuration/shop-default.yaml:1:1
        no say: configs/common.yaml

      name  blog

        environment  effective value  from
        qa           "blog"           apps/blog/deploy/configuration/blog-default.yaml:1:1

      qa, lowest layer first
        > set  "blog"  apps/blog/deploy/configuration/blog-default.yaml:1:1
        no say: configs/common.yaml
      "
    `);
  });

  it('shows placeholders and what was taken away', async () => {
    const cwd = writeFiles(shop);
    const placeholder = await explain(cwd, 'db.password', '--app', 'shop', '--env', 'qa');
    const gone = await explain(cwd, 'old', '--app', 'shop', '--env', 'production', '-c', 'us');
    expect(placeholder.stdout + gone.stdout).toMatchInlineSnapshot(`
      "db.password  shop

        environment  effective value          from
        qa           !missing ask operations  configs/common.yaml:3:3

      qa, lowest layer first
        > require  !missing ask operations  configs/common.yaml:3:3
        no say: apps/shop/deploy/configuration/shop-default.yaml
      old  shop

        environment    effective value  from
        production/us  (not set)        configs/common-production.yaml:2:1

      production/us, lowest layer first
          set     1  configs/common.yaml:4:1
        > delete     configs/common-production.yaml:2:1
        no say: apps/shop/deploy/configuration/shop-default.yaml
      "
    `);
  });

  it('shows lists with what each layer did', async () => {
    const cwd = writeFiles(shop);
    const { stdout } = await explain(cwd, 'list', '--app', 'shop', '--env', 'production');
    expect(stdout).toMatchInlineSnapshot(`
      "list  shop

        environment    effective value     from
        production/us  [1, 2, !missing x]  configs/common-production.yaml:3:1
        production/eu  [3]                 configs/common-production-eu.yaml:1:1

      production/us, lowest layer first
          set     [1]              configs/common.yaml:5:1
        > append  [2, !missing x]  configs/common-production.yaml:3:1
        no say: apps/shop/deploy/configuration/shop-default.yaml

      production/eu, lowest layer first
          set      [1]              configs/common.yaml:5:1
          append   [2, !missing x]  configs/common-production.yaml:3:1
        > replace  !replace [3]     configs/common-production-eu.yaml:1:1
        no say: apps/shop/deploy/configuration/shop-default.yaml
      "
    `);
  });

  it('has no chain table where nobody has a say', async () => {
    const { stdout } = await explain(
      writeFiles(`${shop}\n//- /configs/shop-qa.yaml\nonly: here\n`),
      'only',
      '--app',
      'shop',
    );
    expect(stdout).toContain('production/us, production/eu, lowest layer first\n  no say: ');
  });

  it('has colours only where they are wanted', async () => {
    const cwd = writeFiles(shop);
    const plain = await explain(cwd, 'db.host');
    const runIn = (env: Record<string, string>) => strata(['explain', 'db.host'], { cwd, env });
    const colored = await runIn({ FORCE_COLOR: '1' });
    expect(colored.stdout).toContain('\u001b[1mdb.host');
    expect(stripVTControlCharacters(colored.stdout)).toBe(plain.stdout);
    expect((await runIn({ NO_COLOR: '1' })).stdout).toBe(plain.stdout);
    expect((await runIn({ FORCE_COLOR: '0' })).stdout).toBe(plain.stdout);
  });

  it('fits a narrow terminal', () => {
    const explanations = [
      {
        context: { app: 'shop', environment: 'qa', mode: 'deploy' as const },
        value: undefined,
        winner: undefined,
        chain: Array.from({ length: 9 }, (_, index) => ({
          slot: `layer-${index}`,
          file: `/configs/layer-${index}.yaml`,
          action: undefined,
        })),
      },
    ];
    const explained: AppExplanations[] = [{ app: 'shop', explanations }];
    const placeOf = (file: string) => ({ file, line: 1, column: 1 });
    const look = { colors: colorsFor(process.stdout), width: 50 };
    const lines = explanationTable('a', explained, placeOf, look).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(50);
  });
});

describe.concurrent('strata explain, called wrongly', () => {
  it.each([
    [['db.hosts'], 1, 'no layer speaks of db.hosts. Did you mean db.host?'],
    [['bd.host'], 1, 'no layer speaks of bd.host.'],
    [['constructor'], 1, 'no layer speaks of constructor.'],
    [['db.host', '--app', 'shopp'], 2, 'there is no app shopp. Did you mean shop? There are: shop, blog'],
    [['db.host', '--env', 'q'], 2, 'there is no environment q. There are: qa, production'],
    [['db.host', '-c', 'us'], 2, 'a cluster needs its environment: give --env'],
    [['db.host', '--env', 'qa', '-c', 'us'], 2, 'the environment qa has no clusters'],
    [
      ['db.host', '--env', 'production', '-c', 'uss'],
      2,
      'the environment production has no cluster uss. Did you mean us? There are: us, eu',
    ],
  ])('%j', async (args, code, message) => {
    const result = await explain(writeFiles(shop), ...args);
    expect(result).toEqual({ code, stdout: '', stderr: `strata: ${message}\n` });
  });
});

describe.concurrent('strata explain --json', () => {
  it('has a stable form', async () => {
    const { code, stdout } = await explain(writeFiles(shop), 'list', '--app', 'shop', '--json');
    expect(code).toBe(0);
    const { apps, ...head } = JSON.parse(stdout);
    expect(head).toEqual({ version: 1, setting: 'list' });
    expect(apps.map((one: { app: string }) => one.app)).toEqual(['shop']);
    const { contexts } = apps[0];
    expect(contexts.map((one: { label: string }) => one.label)).toEqual([
      'qa',
      'production/us',
      'production/eu',
    ]);
    expect(contexts[2]).toEqual({
      environment: 'production',
      cluster: 'eu',
      mode: 'deploy',
      label: 'production/eu',
      present: true,
      type: 'list',
      value: [3],
      winner: { file: 'configs/common-production-eu.yaml', line: 1, column: 1 },
      chain: [
        { layer: 'common', action: 'set', file: 'configs/common.yaml', line: 5, column: 1, value: [1] },
        {
          layer: 'common-production',
          action: 'append',
          file: 'configs/common-production.yaml',
          line: 3,
          column: 1,
          value: [2, null],
        },
        {
          layer: 'common-production-eu',
          action: 'replace',
          file: 'configs/common-production-eu.yaml',
          line: 1,
          column: 1,
          value: [3],
        },
        { layer: 'shop-default', action: 'none', file: 'apps/shop/deploy/configuration/shop-default.yaml' },
      ],
    });
  });

  it('names files from the workspace, wherever it is called', async () => {
    const cwd = writeFiles(shop);
    const [here, there] = await Promise.all([
      explain(cwd, 'db.host', '--json'),
      explain(`${cwd}/configs`, 'db.host', '--json'),
    ]);
    expect(there.stdout).toBe(here.stdout);
  });

  it('tells placeholders, deletions and refusals', async () => {
    const cwd = writeFiles(shop);
    const one = async (setting: string, cluster: string) => {
      const args = ['--app', 'shop', '--env', 'production', '-c', cluster, '--json'];
      const { stdout } = await explain(cwd, setting, ...args);
      const { present, type, value, chain } = JSON.parse(stdout).apps[0].contexts[0];
      const actions = chain.map((link: { action: string; reason?: string }) => link.reason ?? link.action);
      return { present, type, value, actions: actions.join(' ') };
    };
    expect(await one('db.password', 'us')).toEqual({
      present: true,
      type: 'missing',
      value: null,
      actions: 'ask operations none none',
    });
    expect(await one('old', 'us')).toEqual({
      present: false,
      type: null,
      value: null,
      actions: 'set delete none',
    });
    expect(await one('db.host', 'eu')).toEqual({
      present: true,
      type: 'string',
      value: 'db.production',
      actions: 'set set refused none',
    });
  });

  it('keeps numbers exact, and writes what JSON has no number for as text', async () => {
    const cwd = writeFiles(`
//- /common-qa.yaml
big: 12345678901234567890123
float: 1.0
nan: .nan
inside: [.inf, 9007199254740993]
text: 'a "text" é'
//- /shop.yaml
`);
    const value = async (setting: string) =>
      /"value": (.*),\n +"winner"/.exec((await explain(cwd, setting, '--json')).stdout)?.[1];
    expect(await value('big')).toBe('12345678901234567890123');
    expect(await value('float')).toBe('1.0');
    expect(await value('nan')).toBe('"NaN"');
    expect(await value('text')).toBe('"a \\"text\\" \\u00e9"');
    expect(await value('inside')).toBe('["Infinity", 9007199254740993]');
  });

  it('tells an unknown setting as absent everywhere', async () => {
    const { code, stdout } = await explain(writeFiles(shop), 'nothing', '--json');
    const { apps } = JSON.parse(stdout);
    const present = apps.flatMap(({ contexts }: { contexts: { present: boolean }[] }) =>
      contexts.map((one) => one.present),
    );
    expect({ code, present }).toEqual({ code: 1, present: Array(6).fill(false) });
  });
});

describe('strata explain --steps', () => {
  const steps = `
${shop.trim()}
//- /apps/shop/manage.py
//- /apps/shop/requirements.txt
django
//- /apps/shop/deploy/templates/systemd/shop.service
[Unit]
//- /apps/shop/deploy/steps.yaml
order: [systemd, virtualenv]
django: false
data: {media: {link: media}}
`;

  it('tells what is done for an app, in order, and what is not, and why', async () => {
    const { code, stdout, stderr } = await explain(writeFiles(steps), '--steps', 'shop');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatchInlineSnapshot(`
      "steps of shop

      step        found by                               said in
      config      always
      systemd     deploy/templates/systemd/shop.service
      data                                               apps/shop/deploy/steps.yaml:3:1
      virtualenv  requirements.txt

      not done    why                                                                     said in
      node        no package-lock.json
      templates   no file in deploy/templates/ that is not another step's
      django      left out, in spite of manage.py                                         apps/shop/deploy/steps.yaml:2:1
      assets      deploy/steps.yaml does not ask for it
      supervisor  no file in deploy/templates/supervisord/
      upstart     no file in deploy/templates/upstart/
      pair        deploy/steps.yaml does not ask for it
      nginx       no file in deploy/templates/nginx/
      apache      no file in deploy/templates/apache2/
      tomcat      no file in shop/WEB-INF/
      health      no setting shop.healthcheck, and deploy/steps.yaml does not ask for it
      validate    no deploy/hooks/validate

      On boxes with steps.system alone: systemd
      "
    `);
  });

  it('tells it as JSON', async () => {
    const { code, stdout } = await explain(path.join(writeFiles(steps), 'apps'), '--steps', 'shop', '--json');
    const told = JSON.parse(stdout);
    expect([code, told.version, told.app, told.steps.length]).toEqual([0, 1, 'shop', stepNames.length]);
    const named = (name: string) => told.steps.find(({ step }: { step: string }) => step === name);
    expect([named('data'), named('django'), named('nginx')]).toMatchInlineSnapshot(`
      [
        {
          "by": "file",
          "done": true,
          "found": null,
          "needsSystem": false,
          "options": {
            "media": {
              "link": "media",
            },
          },
          "saidIn": {
            "column": 1,
            "file": "apps/shop/deploy/steps.yaml",
            "line": 3,
          },
          "step": "data",
          "why": "deploy/steps.yaml asks for it",
        },
        {
          "by": "file",
          "done": false,
          "found": "manage.py",
          "needsSystem": false,
          "options": {},
          "saidIn": {
            "column": 1,
            "file": "apps/shop/deploy/steps.yaml",
            "line": 2,
          },
          "step": "django",
          "why": "deploy/steps.yaml says so",
        },
        {
          "by": "convention",
          "done": false,
          "found": null,
          "needsSystem": true,
          "options": {},
          "saidIn": null,
          "step": "nginx",
          "why": "no file in deploy/templates/nginx/",
        },
      ]
    `);
  });

  it('shows mistakes of the file with their places, and what is right of it', async () => {
    const cwd = writeFiles(steps);
    const file = 'apps/shop/deploy/steps.yaml';
    writeFile(cwd, file, 'virtualenv: false\nhealth: {tcp: 1}\n');
    const { code, stdout, stderr } = await explain(cwd, '--steps', 'shop');
    expect([code, stderr]).toEqual([
      1,
      `${file}:2:15: error steps: health.tcp: expected text, found a number\n`,
    ]);
    expect(stdout).toMatch(/^virtualenv +left out, in spite of requirements\.txt +apps/m);
    const lint = await strata(['lint', 'shop'], { cwd });
    expect([lint.code, lint.stderr]).toEqual([1, expect.stringContaining(stderr)]);
    const sarif = JSON.parse((await strata(['lint', 'shop', '--sarif'], { cwd })).stdout);
    expect(sarif.runs[0].results[0]).toMatchObject({ ruleId: 'steps', level: 'error' });
  });

  it('takes the only app where none is named, and refuses what makes no sense', async () => {
    const cwd = writeFiles(steps);
    const refused = async (...args: string[]) => {
      const { code, stderr } = await explain(cwd, ...args);
      return `${code} ${stderr.trim()}`;
    };
    expect([
      await refused('--steps'),
      await refused('--steps', 'shpo'),
      await refused('name', '--steps', 'shop'),
      await refused('--steps', 'shop', '--env', 'qa'),
      await refused(),
    ]).toMatchInlineSnapshot(`
      [
        "2 strata: name an app: shop, blog",
        "2 strata: there is no app shpo. Did you mean shop? There are: shop, blog",
        "2 strata: ask for a setting or for --steps, not for both",
        "2 strata: --steps takes the app itself, and looks at every environment",
        "2 strata: name a setting, or an app with --steps",
      ]
    `);
    writeFile(cwd, 'strata.yaml', 'configs: [configs]\napps: {blog: apps/blog}\nenvironments: [qa]\n');
    expect((await explain(cwd, '--steps')).stdout).toMatch(/^steps of blog\n/);
  });
});
