import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliFile, strata } from '../support/cli.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const shop = `
//- /strata.yaml
configs: [configs]
apps: {shop: apps/shop, blog: apps/blog}
environments: {local: {}, qa: {}, production: {clusters: [us, eu]}}
//- /configs/common.yaml
db: {host: db.qa, port: 5432}
big: [12345678901234567890, 1.0, 1e16, .inf, "é"]
//- /configs/common-production-us.yaml
db.host: db.us
//- /apps/shop/deploy/configuration/shop-default.yaml
name: shop
//- /apps/shop/deploy/configuration/shop-local.yaml
name: my shop
//- /apps/shop/deploy/configuration/public-data.yaml
- name
//- /apps/blog/deploy/configuration/blog-default.yaml
name: blog
`;

const contexts = [['local'], ['qa'], ['production', '-c', 'us'], ['production', '-c', 'eu']];

/** The files below a folder with what they hold. */
function filesIn(folder: string): Map<string, string> {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = names.filter((name) => fs.statSync(path.join(folder, name)).isFile());
  return new Map(files.map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

const brokenShop = `${shop}
//- /configs/common-qa.yaml
db.port: "5432"
//- /configs/shop-production-eu.yaml
token: !missing ask operations
`;

const told = `
configs/common-qa.yaml:1:10: error type-mismatch: db.port: refusing to replace an integer with a string [qa]
  configs/common.yaml:1:25: integer given here
configs/shop-production-eu.yaml:1:8: error missing-value: token: no layer gives this value (ask operations) [shop: production/eu]
`.trimStart();

describe.concurrent('strata render --all', () => {
  it('prints a line of JSON for every context, with exact integers', async () => {
    const cwd = writeFiles(shop);
    const { code, stdout, stderr } = await strata(['render', '--all'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    const heads = lines.map((line) => {
      const { app, environment, cluster } = JSON.parse(line);
      return [app, environment, cluster].join(' ');
    });
    expect(heads).toEqual(
      ['shop', 'blog'].flatMap((app) =>
        ['local ', 'qa ', 'production us', 'production eu'].map((one) => `${app} ${one}`),
      ),
    );
    expect(lines[6]).toBe(
      '{"app":"blog","environment":"production","cluster":"us","configuration":{"yoconfigurator": {"app": "blog"}, ' +
        '"db": {"host": "db.us", "port": 5432}, "big": [12345678901234567890, 1.0, 1e+16, "Infinity", "\\u00e9"], ' +
        '"name": "blog"}}',
    );
  });

  it('tells the machine to the contexts of developers', async () => {
    const cwd = writeFiles(shop);
    const { stdout } = await strata(['render', '--all', '-H', 'mine'], { cwd });
    expect(stdout.match(/"local_hostname": "mine"/g)).toHaveLength(2);
  });

  it('leaves out what has errors, tells each once with its contexts, and renders the rest', async () => {
    const cwd = writeFiles(brokenShop);
    const { code, stdout, stderr } = await strata(['render', '--all'], { cwd });
    expect(code).toBe(1);
    expect(stdout.trimEnd().split('\n')).toHaveLength(5);
    expect(stdout).not.toContain('"environment":"qa"');
    expect(stderr).toBe(`${told}3 of 8 configurations have errors\n`);
  });

  it('renders nothing under a manifest with a mistake', async () => {
    const cwd = writeFiles(shop.replace('configs: [configs]', 'configs: [confgs]'));
    const { code, stdout, stderr } = await strata(['render', '--all'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('strata.yaml:1:11: error manifest: there is no folder `confgs`');
  });

  it('ends quietly when its reader has seen enough', async () => {
    const cwd = writeFiles(manyApps(300));
    const child = spawn(process.execPath, [cliFile, 'render', '--all'], { cwd });
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', () => child.stdout.destroy());
    const [code] = await once(child, 'close');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

describe.concurrent('strata render --all --output', () => {
  it('writes what render prints for every context, byte for byte', async () => {
    const cwd = writeFiles(shop);
    const result = await strata(['render', '--all', '--output', 'out/all'], { cwd });
    expect(result).toEqual({ code: 0, stdout: '', stderr: 'wrote 8 configurations into out/all\n' });
    const expected = new Map<string, string>();
    for (const app of ['blog', 'shop']) {
      for (const [environment = '', ...more] of contexts) {
        const stem = `${app}/${[environment, ...more.slice(1)].join('-')}`;
        const print = async (...flags: string[]) =>
          (await strata(['render', app, environment, ...more, ...flags], { cwd })).stdout;
        expected.set(`${stem}.json`, await print());
        if (app === 'shop') expected.set(`${stem}.public.json`, await print('--public'));
      }
    }
    const byName = (files: Map<string, string>) => [...files].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(byName(filesIn(path.join(cwd, 'out/all')))).toEqual(byName(expected));
  });

  it('keeps what stands there for a context with errors', async () => {
    const cwd = writeFiles(`${brokenShop}\n//- /out/shop/qa.json\nas before\n`);
    const result = await strata(['render', '--all', '-o', 'out'], { cwd });
    expect(result).toEqual({
      code: 1,
      stdout: '',
      stderr: `${told}wrote 5 configurations into out\n3 of 8 configurations have errors\n`,
    });
    const files = filesIn(path.join(cwd, 'out'));
    expect(files.get('shop/qa.json')).toBe('as before\n');
    expect([...files.keys()]).toHaveLength(5 + 2 + 1);
  });

  it('writes neither file of a context whose public part has a problem', async () => {
    const cwd = writeFiles(`${shop}\n//- /apps/shop/deploy/configuration/public-data.yaml\n- nmae\n`);
    const { code } = await strata(['render', '--all', '-o', 'out'], { cwd });
    expect(code).toBe(1);
    expect([...filesIn(path.join(cwd, 'out')).keys()].every((name) => name.startsWith('blog/'))).toBe(true);
  });

  it('says which configuration could not be written', async () => {
    const cwd = writeFiles(shop);
    fs.mkdirSync(path.join(cwd, 'out/blog/qa.json'), { recursive: true });
    const { code, stderr } = await strata(['render', '--all', '-o', 'out'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toBe(
      'strata: blog: qa: nothing was written: out/blog/qa.json is there and is no regular file ' +
        '(5 configurations were written before it)\n',
    );
  });

  it('ends after whole files when it is interrupted', async () => {
    const cwd = writeFiles(manyApps(800));
    const out = path.join(cwd, 'out');
    fs.mkdirSync(out);
    const watcher = fs.watch(out);
    const child = spawn(process.execPath, [cliFile, 'render', '--all', '-o', 'out'], { cwd });
    const ended = once(child, 'close');
    await once(watcher, 'change');
    watcher.close();
    child.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
    const files = filesIn(out);
    expect(files.size).toBeLessThan(2400);
    for (const [name, text] of files) {
      expect(name).toMatch(/\/(qa|staging|live)\.json$/);
      expect(() => JSON.parse(text)).not.toThrow();
    }
  });
});

describe.concurrent('strata render --all, called wrongly', () => {
  it.each([
    [['shop', '--all'], 'strata: --all renders every app: leave shop out, or --all\n'],
    [['shop', 'qa', '--all'], 'strata: --all renders every app: leave shop out, or --all\n'],
    [['shop', 'qa', '-o', 'out'], 'strata: --output is for --all: see --write for one app\n'],
    [['--all', '-o', 'strata.yaml'], 'strata: strata.yaml is no folder\n'],
    [['--all', '-c', 'us'], "error: option '--all' cannot be used with option '-c, --cluster <cluster>'"],
    [['--all', '--format', 'json'], "error: option '--all' cannot be used with option '--format <format>'"],
  ])('%j', async (args, message) => {
    const cwd = writeFiles(shop);
    const { code, stdout, stderr } = await strata(['render', ...args], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('refuses to write two contexts into one file', async () => {
    const cwd = writeFiles(shop.replace('qa: {}', 'qa: {}, production-us: {}'));
    const { code, stderr } = await strata(['render', '--all', '-o', 'out'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('would be written to production-us.json');
    expect(fs.existsSync(path.join(cwd, 'out'))).toBe(false);
  });

  it('says so where there is no app', async () => {
    const cwd = writeFiles(
      '//- /strata.yaml\nconfigs: [configs]\napps: []\nenvironments: [qa]\n//- /configs/common.yaml\na: 1\n',
    );
    const { code, stderr } = await strata(['render', '--all'], { cwd });
    expect({ code, stderr: stderr.replace(cwd, 'HERE') }).toEqual({
      code: 2,
      stderr: 'strata: there is no app in HERE\n',
    });
  });
});

function manyApps(count: number): string {
  const layers = Array.from(
    { length: count },
    (_, index) => `//- /apps/app${index}/deploy/configuration/app${index}-default.yaml\nname: app ${index}\n`,
  );
  const list = Array.from({ length: 100 }, (_, index) => `- element ${index}\n`).join('');
  return `
//- /strata.yaml
configs: [configs]
apps: [apps/*]
environments: [qa, staging, live]
//- /configs/common.yaml
some:
${list}
${layers.join('')}`;
}
