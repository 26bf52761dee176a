import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cliFile, run, strata } from '../support/cli.ts';
import { writeFiles } from '../support/workspaceFiles.ts';

const shop = `
//- /strata.yaml
configs: [configs]
apps: {shop: apps/shop, blog: apps/blog}
environments: {local: {}, qa: {}, production: {clusters: [us, eu]}}
//- /configs/common.yaml
db: {host: db.qa, port: 5432}
//- /configs/common-production-us.yaml
db.host: db.us
//- /apps/shop/deploy/configuration/shop-default.yaml
name: shop
//- /apps/shop/deploy/configuration/shop-local.yaml
name: my shop
//- /apps/shop/deploy/configuration/shop-build.yaml
built: true
//- /apps/shop/deploy/configuration/public-data.yaml
- name
//- /apps/blog/deploy/configuration/blog-default.yaml
name: blog
`;

const configurationForQa = `{
    "yoconfigurator": {
        "app": "shop"
    },
    "db": {
        "host": "db.qa",
        "port": 5432
    },
    "name": "shop"
}`;

describe.concurrent('strata render in a workspace', () => {
  it('prints configuration.json', async () => {
    const cwd = writeFiles(shop);
    const result = await strata(['render', 'shop', 'qa'], { cwd });
    expect(result).toEqual({ code: 0, stdout: configurationForQa, stderr: '' });
  });

  it.each([
    ['in the folder of central layers', 'configs', []],
    ["in the app's folder", 'apps/shop', []],
    ["deep in the app's folder", 'apps/shop/deploy/configuration', []],
    ['with -C', '..', ['-C', 'WORKSPACE']],
    ['with -C into a subfolder', '..', ['-C', 'WORKSPACE/apps/blog']],
  ])('finds the workspace %s', async (_, from, more) => {
    const root = writeFiles(shop);
    const args = more.map((one) => one.replace('WORKSPACE', root));
    const result = await strata(['render', 'shop', 'qa', ...args], { cwd: path.join(root, from) });
    expect(result).toEqual({ code: 0, stdout: configurationForQa, stderr: '' });
  });

  it('finds an app that no manifest speaks of', async () => {
    const cwd = writeFiles(
      '//- /deploy/configuration/shop-default.yaml\na: 1\n//- /deploy/configuration/shop-qa.yaml\n',
    );
    const { stdout } = await strata(['render', 'shop', 'qa'], { cwd: path.join(cwd, 'deploy') });
    expect(JSON.parse(stdout)).toEqual({ yoconfigurator: { app: 'shop' }, a: 1 });
  });

  it('prints the public configuration', async () => {
    const cwd = writeFiles(shop);
    const result = await strata(['render', 'shop', 'qa', '--public'], { cwd });
    expect(result).toEqual({ code: 0, stdout: '{\n    "name": "shop"\n}', stderr: '' });
  });

  it('tells the mode, the environment and the machine to the app', async () => {
    const cwd = writeFiles(shop);
    const rendered = async (...args: string[]) =>
      JSON.parse((await strata(['render', 'shop', ...args], { cwd })).stdout);
    expect(await rendered('local', '--hostname', 'mine')).toMatchObject({
      yoconfigurator: { app: 'shop', environment: 'local', local_hostname: 'mine' },
      name: 'my shop',
    });
    expect(await rendered('qa', '--build', '-H', 'mine')).toMatchObject({
      yoconfigurator: { app: 'shop', environment: 'qa', local_hostname: 'mine' },
      built: true,
    });
    expect(await rendered('qa', '-H', 'mine')).toMatchObject({ yoconfigurator: { app: 'shop' } });
  });

  it('takes the cluster', async () => {
    const cwd = writeFiles(shop);
    const { stdout } = await strata(['render', 'shop', 'production', '-c', 'us'], { cwd });
    expect(JSON.parse(stdout)).toMatchObject({ db: { host: 'db.us', port: 5432 } });
  });
});

describe('strata render --format yaml', () => {
  it('reads back as the same values', async () => {
    const cwd = writeFiles(`
//- /configs/common.yaml
strings: ["1", "1.0", "yes", "null", "", " a ", "a: b", "# no", "x\\ny\\n", "é😀", "2001-01-01", "!x", "- a"]
numbers: [1, 1.0, -0.0, 1e300, 12345678901234567890, .inf, -.inf]
others: [true, null, [], {}]
"1": "a key like a number"
"a: b": {"": 1, "true": 2}
__proto__: {constructor: 1}
`);
    const args = ['render', 'shop', 'qa', '-d', 'configs'];
    const [json, yaml] = await Promise.all([
      strata(args, { cwd }),
      strata([...args, '--format', 'yaml'], { cwd }),
    ]);
    const options = { intAsBigInt: true, mapAsMap: true };
    expect(yaml).toMatchObject({ code: 0, stderr: '' });
    const infinite = json.stdout.replace(/(?<=\s)(-?)Infinity/g, '$1.inf');
    expect(parse(yaml.stdout, options)).toEqual(parse(infinite, options));
  });
});

describe('strata render, called wrongly', () => {
  it.each([
    [['shp', 'qa'], 'there is no app shp. Did you mean shop? There are: shop, blog'],
    [['shop', 'qaa'], 'there is no environment qaa. Did you mean qa? There are: local, qa, production'],
    [
      ['shop', 'production', '-c', 'use'],
      'the environment production has no cluster use. Did you mean us? There are: us, eu',
    ],
    [['shop', 'qa', '-c', 'us'], 'the environment qa has no clusters'],
    [['shop', 'build'], 'build is no environment: name the environment to build for, and give --build'],
    [['shop', 'qa', '-C', 'nowhere'], 'there is no folder nowhere'],
    [['shop', 'qa', '-d', 'strata.yaml'], 'strata.yaml is no folder'],
    [['blog', 'qa', '--public'], 'blog makes nothing public: it has no public-data.yaml'],
    [
      ['../shop', 'qa'],
      '"../shop" cannot be the name of an app: a name has 1 to 64 letters, digits, `.`, `_` or `-` and starts ' +
        'with a letter or digit',
    ],
  ])('%j', async (args, message) => {
    const cwd = writeFiles(shop);
    const result = await strata(['render', ...args], { cwd });
    expect(result).toEqual({ code: 2, stdout: '', stderr: `strata: ${message}\n` });
  });

  it('warns of a central directory that is not there and reads the others', async () => {
    const cwd = writeFiles(shop);
    const args = ['render', 'shop', 'qa', '-d', 'nowhere', '-d', 'configs', '-a', 'apps/shop'];
    expect(await strata(args, { cwd })).toEqual({
      code: 0,
      stdout: configurationForQa,
      stderr: 'strata: warning: there is no folder nowhere: no layers are read from there\n',
    });
  });

  it('says so in a folder with nothing of ours', async () => {
    const cwd = writeFiles('//- /x.yaml\na: 1\n');
    const { code, stderr } = await strata(['render', 'shop', 'qa'], { cwd });
    expect(code).toBe(2);
    expect(stderr.replace(cwd, '.')).toMatchInlineSnapshot(`
      "strata: no manifest (strata.yaml), app (deploy/configuration) or central layers (common.yaml) in .; name a workspace with -C, or directories with -d and -a
      "
    `);
  });
});

describe('strata render with problems', () => {
  it('tells each with its place, and the place below, and prints nothing', async () => {
    const cwd = writeFiles(`
//- /configs/common.yaml
port: 80
token: !missing ask operations
//- /configs/common-qa.yaml
port: "80"
`);
    const result = await strata(['render', 'shop', 'qa', '-d', 'configs'], { cwd });
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatchInlineSnapshot(`
      "configs/common-qa.yaml:1:7: error type-mismatch: port: refusing to replace an integer with a string [shop: qa]
        configs/common.yaml:1:7: integer given here
      configs/common.yaml:2:8: error missing-value: token: no layer gives this value (ask operations) [shop: qa]
      "
    `);
  });
});

describe.concurrent('strata render --write', () => {
  const files = ['configuration.json', 'configuration_public.json'];
  const write = (cwd: string, environment = 'qa') =>
    strata(['render', 'shop', environment, '--write'], { cwd: path.join(cwd, 'apps/shop') });
  const inApp = (root: string, name: string) => path.join(root, 'apps/shop', name);
  const text = (root: string, name: string) => fs.readFileSync(inApp(root, name), 'utf8');
  const names = (root: string) => fs.readdirSync(inApp(root, '.')).sort();

  it('writes both files and leaves nothing else behind', async () => {
    const root = writeFiles(shop);
    const told = files.map((file) => `wrote ${file}\n`).join('');
    expect(await write(root)).toEqual({ code: 0, stdout: '', stderr: told });
    expect(text(root, 'configuration.json')).toBe(configurationForQa);
    expect(text(root, 'configuration_public.json')).toBe('{\n    "name": "shop"\n}');
    expect(names(root)).toEqual([...files, 'deploy']);
  });

  it('writes neither if the public part has a problem', async () => {
    const root = writeFiles(`${shop}
//- /apps/shop/deploy/configuration/public-data.yaml
- name
- nmae
`);
    expect(await write(root)).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'deploy/configuration/public-data.yaml:2:3: error public-key-missing: nmae: the configuration has no ' +
        'such setting to make public [shop: qa]\n',
    });
    expect(names(root)).toEqual(['deploy']);
  });

  it('changes neither if one is a folder', async () => {
    const root = writeFiles(shop);
    await write(root);
    fs.rmSync(inApp(root, 'configuration_public.json'));
    fs.mkdirSync(inApp(root, 'configuration_public.json'));
    const { code, stderr } = await write(root, 'local');
    expect({ code, stderr: stderr.replace(root, '') }).toEqual({
      code: 1,
      stderr:
        'strata: nothing was written: /apps/shop/configuration_public.json is there and is no regular file\n',
    });
    expect(text(root, 'configuration.json')).toBe(configurationForQa);
    expect(names(root)).toEqual([...files, 'deploy']);
  });

  it('changes neither if one cannot be written', async () => {
    const root = writeFiles(shop);
    await write(root);
    fs.rmSync(inApp(root, 'configuration_public.json'));
    fs.symlinkSync('configuration_public.json', inApp(root, 'configuration_public.json'));
    const { code, stderr } = await write(root, 'local');
    expect(code).toBe(1);
    expect(stderr).toContain('strata: nothing was written: ELOOP');
    expect(text(root, 'configuration.json')).toBe(configurationForQa);
    expect(names(root)).toEqual([...files, 'deploy']);
  });

  it('keeps the mode of a file, whatever the umask', async () => {
    const root = writeFiles(shop);
    await write(root);
    fs.chmodSync(inApp(root, 'configuration.json'), 0o660);
    await write(root, 'local');
    expect(fs.statSync(inApp(root, 'configuration.json')).mode & 0o777).toBe(0o660);
  });

  it('writes through a symbolic link', async () => {
    const root = writeFiles(`${shop}\n//- /elsewhere.json\nold\n`);
    fs.symlinkSync('../../elsewhere.json', inApp(root, 'configuration.json'));
    expect(await write(root)).toMatchObject({ code: 0 });
    expect(fs.readlinkSync(inApp(root, 'configuration.json'))).toBe('../../elsewhere.json');
    expect(fs.readFileSync(path.join(root, 'elsewhere.json'), 'utf8')).toBe(configurationForQa);
    expect(fs.readdirSync(root).sort()).toEqual(['apps', 'configs', 'elsewhere.json', 'strata.yaml']);
  });

  it('needs a folder to write into', async () => {
    const cwd = writeFiles('//- /common-qa.yaml\na: 1\n//- /shop.yaml\nb: 1\n');
    expect(await strata(['render', 'shop', 'qa', '--write'], { cwd })).toMatchObject({
      code: 2,
      stderr: 'strata: shop has no folder here to write into: name it with -a\n',
    });
  });
});

describe('a reader that stops reading', () => {
  const shell = (cwd: string, script: string) =>
    run('bash', ['-c', script, process.execPath, cliFile], { cwd });

  it('is no failure', async () => {
    const cwd = writeFiles('//- /configs/common.yaml\n');
    const lines = Array.from({ length: 50_000 }, (_, index) => `key${index}: ${index}\n`);
    fs.writeFileSync(path.join(cwd, 'configs/common.yaml'), lines.join(''));
    const script = '"$0" "$1" render shop qa -d configs | head -1; echo $PIPESTATUS';
    expect(await shell(cwd, script)).toEqual({ code: 0, stdout: '{\n0\n', stderr: '' });
  });

  it.runIf(fs.existsSync('/dev/full'))('a full disk is told without a stack trace', async () => {
    const cwd = writeFiles(shop);
    const result = await shell(cwd, '"$0" "$1" render shop qa > /dev/full');
    expect(result).toEqual({
      code: 1,
      stdout: '',
      stderr: 'strata: ENOSPC: no space left on device, write\n',
    });
  });
});
