import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../support/cli.ts';
import {
  build,
  buildJson,
  commitAll,
  commitTime,
  git,
  gitWorkspace,
  tarNames,
} from '../../support/gitWorkspace.ts';
import { writeFile } from '../../support/workspaceFiles.ts';

const shop = `
//- /strata.yaml
apps: {shop: shop}
environments: [local, qa]
//- /.gitignore
configuration*.json
out/
dist/
reports/
//- /shop/deploy/configuration/shop-default.yaml
name: shop
port: 80
//- /shop/deploy/configuration/shop-build.yaml
built: true
//- /shop/deploy/configuration/public-data.yaml
- name
//- /shop/app.txt
an app
`;

const inShop = (root: string, name: string) => path.join(root, 'shop', name);
const stored = (root: string, ...parts: string[]) =>
  path.join(root, '.strata/artifacts/shop/master/shop.tar.gz', ...parts);

function expectUntouched(root: string) {
  expect(git(root, 'status', '--porcelain')).toBe('');
  expect(fs.existsSync(inShop(root, 'configuration.json'))).toBe(false);
  expect(fs.readdirSync(path.join(root, '.strata/builds/shop')).filter((name) => !/^\d/.test(name))).toEqual(
    [],
  );
}

describe.concurrent('strata build', () => {
  it('puts what git tracks into the repository, with what is known of it', async () => {
    const root = gitWorkspace(`${shop}
//- /shop/scripts/build.sh
#!/bin/sh
echo "building $APPNAME in $TZ at $SOURCE_DATE_EPOCH"
cat configuration.json
//- /shop/scripts/test.sh
#!/bin/sh
grep -q '"name": "shop"' configuration_public.json
`);
    const { code, results, stderr } = await buildJson(root, ['shop']);
    expect({ code, results }).toMatchObject({
      code: 0,
      results: [
        {
          ...{ app: 'shop', built: true, channel: 'master', version: '0.1', branch: 'main', dirty: false },
          ...{
            commit: git(root, 'rev-parse', 'HEAD'),
            message: 'All of it',
            compression: 'zstd',
            warnings: [],
          },
        },
      ],
    });
    expect(results[0].steps.map((one: { step: string; outcome: string }) => [one.step, one.outcome])).toEqual(
      [
        ['configure', 'done'],
        ['prepare', 'none'],
        ['build', 'done'],
        ['test', 'done'],
        ['package', 'done'],
        ['upload', 'done'],
        ['summary', 'done'],
      ],
    );
    expect(stderr).toContain(`building shop in UTC at ${commitTime}`);
    expect(stderr).toContain('"built": true');
    expect(await tarNames(stored(root, '0.1'))).toEqual([
      ...['shop/', 'shop/app.txt', 'shop/deploy/', 'shop/deploy/configuration/'],
      ...['public-data.yaml', 'shop-build.yaml', 'shop-default.yaml'].map(
        (name) => `shop/deploy/configuration/${name}`,
      ),
      ...['shop/scripts/', 'shop/scripts/build.sh', 'shop/scripts/test.sh'],
    ]);
    expect(fs.readFileSync(stored(root, 'latest'), 'utf8')).toBe('0.1\n');
    expect(JSON.parse(fs.readFileSync(stored(root, '0.1.meta'), 'utf8'))).toMatchObject({
      ...{ commit: git(root, 'rev-parse', 'HEAD'), branch: 'main', dirty: 'false', deploy_compat: '5' },
      ...{ commit_msg: 'All of it', compression: 'zstd', sha256: results[0].sha256 },
    });
    expectUntouched(root);
  });

  it('shows banners, what the commands print, times and a summary', async () => {
    const root = gitWorkspace(`${shop}
//- /shop/scripts/build.sh
#!/bin/sh
printf 'no newline at the end'
`);
    const { code, stdout, stderr } = await build(path.join(root, 'shop/deploy'), []);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const fixed = stdout
      .replaceAll(root, 'ROOT')
      .replaceAll(/\d+(\.\d+)? (k?B|s)\b/g, 'N $2')
      .replaceAll(/[0-9a-f]{64}/g, 'SHA256')
      .replaceAll(/[0-9a-f]{40}/g, 'COMMIT');
    expect(fixed).toMatchInlineSnapshot(`
      "── shop: configure ─────────────────────────────────────────────────────
      the configuration of shop for qa (build)
      wrote configuration.json
      wrote configuration_public.json
      ✓ configure in N s
      ── shop: prepare: nothing to do
      ── shop: build ─────────────────────────────────────────────────────────
      $ scripts/build.sh
      no newline at the end
      ✓ build in N s
      ── shop: test: nothing to do
      ── shop: package ───────────────────────────────────────────────────────
      shop.tar.zst: N B, 9 entries, sha256 SHA256
      ✓ package in N s
      ── shop: upload ────────────────────────────────────────────────────────
      shop 0.1 is in ROOT/.strata/artifacts, not signed
      ✓ upload in N s
      ── shop: summary ───────────────────────────────────────────────────────
      app:       shop
      channel:   master
      version:   0.1
      branch:    main
      commit:    COMMIT
      message:   All of it
      sha256:    SHA256
      size:      N B (zstd)
      stored in: ROOT/.strata/artifacts
      "
    `);
    expect(fs.readdirSync(path.join(root, '.strata/builds/shop'))).toHaveLength(1);
  });

  it('keeps a log of each step where git does not see it', async () => {
    const root = gitWorkspace(`${shop}
//- /shop/scripts/build.sh
#!/bin/sh
echo out; echo err >&2
`);
    const { results } = await buildJson(root, ['shop']);
    expect(path.dirname(results[0].logs)).toBe(path.join(root, '.strata/builds/shop'));
    const logs = fs.readdirSync(results[0].logs).sort();
    expect(logs).toEqual(
      ['build', 'configure', 'package', 'prepare', 'summary', 'test', 'upload'].map((step) => `${step}.log`),
    );
    const log = fs.readFileSync(path.join(results[0].logs, 'build.log'), 'utf8');
    expect(log.split('\n').sort()).toEqual(['', '$ scripts/build.sh', 'err', 'out']);
    expect(fs.statSync(path.join(results[0].logs, 'build.log')).mode & 0o077).toBe(0);
  });

  it('brings back the configuration that was there, with its mode', async () => {
    const root = gitWorkspace(shop);
    writeFile(root, 'shop/configuration.json', 'mine');
    fs.chmodSync(inShop(root, 'configuration.json'), 0o640);
    expect(await build(root, ['shop', '--no-upload'])).toMatchObject({ code: 0 });
    expect(fs.readFileSync(inShop(root, 'configuration.json'), 'utf8')).toBe('mine');
    expect(fs.statSync(inShop(root, 'configuration.json')).mode & 0o777).toBe(0o640);
    expect(fs.existsSync(inShop(root, 'configuration_public.json'))).toBe(false);
  });

  it('leaves the configuration with --keep', async () => {
    const root = gitWorkspace(shop);
    await build(root, ['shop', '--no-upload', '--keep', '--env', 'local']);
    const configuration = JSON.parse(fs.readFileSync(inShop(root, 'configuration.json'), 'utf8'));
    expect(configuration).toMatchObject({ yoconfigurator: { environment: 'local' }, built: true });
  });

  it('tells what is wrong with the configuration, and builds nothing', async () => {
    const root = gitWorkspace(`${shop}
//- /shop/deploy/configuration/shop-qa.yaml
port: "80"
`);
    const { code, stdout } = await build(root, ['shop']);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'shop-qa.yaml:1:7: error type-mismatch: port: refusing to replace an integer with a string',
    );
    expect(stdout).toContain('strata: shop: configure: the configuration for qa (build) has a problem');
    expectUntouched(root);
  });

  it('does what is asked for, and no more', async () => {
    const root = gitWorkspace(`${shop}
//- /shop/scripts/build.sh
#!/bin/sh
echo building
//- /shop/scripts/test.sh
#!/bin/sh
exit 3
`);
    const outcomes = async (...args: string[]) => {
      const { code, results } = await buildJson(root, ['shop', ...args]);
      return [
        code,
        ...results[0].steps.map((one: { step: string; outcome: string }) => `${one.step} ${one.outcome}`),
      ];
    };
    expect(await outcomes('--skip-tests', '--no-upload')).toEqual([
      ...[0, 'configure done', 'prepare none', 'build done', 'test left-out', 'package done', 'upload none'],
      'summary done',
    ]);
    expect(await outcomes('--test-only')).toEqual([
      ...[1, 'configure done', 'prepare none', 'build left-out', 'test failed'],
    ]);
    expect(await outcomes('--prepare-only')).toEqual([
      ...[0, 'configure done', 'prepare none', 'build left-out', 'test left-out', 'package left-out'],
      ...['upload left-out', 'summary done'],
    ]);
  });

  it('puts the tarball into a folder, too', async () => {
    const root = gitWorkspace(shop);
    const { results } = await buildJson(root, ['shop', '--no-upload', '--output', path.join(root, 'dist')]);
    const { stdout } = await run('sha256sum', ['dist/shop.tar.zst'], { cwd: root });
    expect(stdout.split(' ')[0]).toBe(results[0].sha256);
    expect(fs.existsSync(path.join(root, '.strata/artifacts'))).toBe(false);
  });
});

describe.concurrent('what goes into the artifact', () => {
  const with_ = (app: string, files = '') =>
    gitWorkspace(`${shop.replace('apps: {shop: shop}', `apps:\n  shop:\n    folder: shop\n${app}`)}${files}`);
  const names = async (root: string) =>
    (await tarNames(stored(root, '0.1')))
      .filter((name) => !name.endsWith('/'))
      .map((name) => name.slice('shop/'.length));

  it('is what git tracks and the outputs, but not what .strataignore names, and deploy/ in any case', async () => {
    const root = with_(
      '    build: {build: mkdir -p out/deep && echo made | tee out/made.txt out/deep/x out/no.map, outputs: [out, configuration.json]}\n',
      `//- /shop/.strataignore
*.map
/deploy
docs/
!docs/kept.txt
//- /shop/docs/x.txt
//- /shop/lib/y.map
//- /shop/lib/ü.txt
`,
    );
    writeFile(root, 'shop/untracked.txt', '');
    const { code } = await buildJson(root, ['shop', '--allow-dirty']);
    expect(code).toBe(0);
    expect((await names(root)).sort()).toEqual([
      ...['.strataignore', 'app.txt'],
      ...['public-data', 'shop-build', 'shop-default'].map((name) => `deploy/configuration/${name}.yaml`),
      ...['lib/ü.txt', 'out/deep/x', 'out/made.txt'],
    ]);
  });

  it.each([
    ['[nowhere]', 'the build has not made nowhere, which `outputs` in the manifest names'],
    ['[../x]', "the output ../x does not lie in the app's folder: mend `outputs`"],
    ['[/etc/passwd]', "the output /etc/passwd does not lie in the app's folder: mend `outputs`"],
    ['[.]', "the output . does not lie in the app's folder: mend `outputs`"],
  ])('cannot be %s', async (outputs, message) => {
    const root = with_(`    build: {outputs: ${outputs}}\n`);
    const { code, results } = await buildJson(root, ['shop']);
    expect(code).toBe(1);
    expect(results[0].failure).toEqual({ code: 'failed', message });
    expectUntouched(root);
  });

  it('is refused where a link leads out of the app', async () => {
    const root = with_('    build: {outputs: [out], build: mkdir -p out && ln -s /etc/passwd out/link}\n');
    const { results } = await buildJson(root, ['shop']);
    expect(results[0].failure).toMatchObject({ code: 'refused' });
    expect(results[0].failure.message).toContain('out/link');
    expectUntouched(root);
  });

  it('holds the files of submodules', async () => {
    const library = gitWorkspace('//- /lib.txt\na library\n');
    const root = gitWorkspace(shop);
    git(root, 'submodule', '--quiet', 'add', library, 'shop/vendor/lib');
    commitAll(root);
    expect(await build(root, ['shop'])).toMatchObject({ code: 0 });
    expect(await names(root)).toContain('vendor/lib/lib.txt');
    const clone = path.join(root, '.strata/clone');
    git(root, 'clone', '--quiet', root, clone);
    const { code, results } = await buildJson(clone, ['shop']);
    expect(code).toBe(1);
    expect(results[0].failure.message).toBe(
      'the submodule vendor/lib is not checked out: run `git submodule update --init` first',
    );
  });

  it('tells a change in a submodule', async () => {
    const library = gitWorkspace('//- /lib.txt\na library\n');
    const root = gitWorkspace(shop);
    git(root, 'submodule', '--quiet', 'add', library, 'shop/vendor/lib');
    commitAll(root);
    writeFile(root, 'shop/vendor/lib/lib.txt', 'changed');
    const { results } = await buildJson(root, ['shop']);
    expect(results[0].failure.message).toContain('changes that are not committed (shop/vendor/lib)');
  });

  it('is compressed as the manifest says', async () => {
    const root = with_('    compression: gzip\n');
    const { results } = await buildJson(root, ['shop']);
    expect(results[0].compression).toBe('gzip');
    expect(fs.readFileSync(stored(root, '0.1')).subarray(0, 2).toString('hex')).toBe('1f8b');
  });

  it('is warned of where the build changes what git tracks', async () => {
    const root = with_('    build: {build: echo >> app.txt; touch new.txt}\n');
    const { results } = await buildJson(root, ['shop']);
    expect(results[0].warnings).toEqual([
      'the build has changed files that git does not ignore: shop/app.txt and 1 more',
    ]);
  });
});

describe.concurrent("the app's own dist.sh", () => {
  const withDist = (line: string) => gitWorkspace(`${shop}//- /shop/scripts/dist.sh\n#!/bin/sh\n${line}\n`);

  it('makes the artifact as it is', async () => {
    const root = withDist(
      'mkdir -p dist && tar -czf dist/$APPNAME.tar.gz app.txt && echo made dist/$APPNAME.tar.gz',
    );
    const { code, results } = await buildJson(root, ['shop']);
    expect(code).toBe(0);
    expect(results[0].compression).toBe('gzip');
    expect(await tarNames(stored(root, '0.1'))).toEqual(['app.txt']);
    expect(fs.readFileSync(stored(root, '0.1'))).toEqual(fs.readFileSync(inShop(root, 'dist/shop.tar.gz')));
  });

  it.each([
    ['true', 'scripts/dist.sh has made no tarball: dist/shop.tar.gz is not there'],
    [
      'mkdir -p dist; echo x > dist/shop.tar.gz',
      'dist/shop.tar.gz is compressed neither with gzip nor with zstd: mend scripts/dist.sh',
    ],
    ['exit 4', 'scripts/dist.sh failed with exit code 4'],
  ])('%s', async (line, message) => {
    const root = withDist(line);
    expect((await buildJson(root, ['shop'])).results[0].failure).toEqual({ code: 'failed', message });
    expectUntouched(root);
  });

  it('is not taken for done by what an earlier one has left', async () => {
    const root = withDist('true');
    writeFile(root, 'shop/dist/shop.tar.gz', 'old');
    expect((await buildJson(root, ['shop'])).results[0].failure.message).toBe(
      'scripts/dist.sh has made no tarball: dist/shop.tar.gz is the one that was there before',
    );
  });
});

describe.concurrent('the manifest', () => {
  it('overrides steps, and leaves some out', async () => {
    const root = gitWorkspace(`${shop}
//- /strata.yaml
apps:
  shop:
    folder: shop
    build:
      environment: production
      cluster: us
      prepare: echo preparing
      build: |
        echo "building with sh"
        cat configuration.json
      test: false
      package: false
environments: {qa: {}, production: {clusters: [us]}}
//- /shop/deploy/configuration/shop-production-us.yaml
cluster: in-us
//- /shop/scripts/test.sh
#!/bin/sh
exit 1
//- /shop/scripts/dist.sh
#!/bin/sh
exit 1
`);
    const { code, stdout } = await build(root, ['shop']);
    expect(code).toBe(0);
    expect(stdout).toContain('the configuration of shop for production/us (build)');
    expect(stdout).toContain('$ echo preparing\npreparing\n');
    expect(stdout).toContain('$ echo "building with sh" …\nbuilding with sh\n');
    expect(stdout).toContain('"cluster": "in-us"');
    expect(stdout).toContain('── shop: test: nothing to do');
  });

  it('may have the app configured otherwise', async () => {
    const configured = (said: string) =>
      gitWorkspace(
        `${shop}//- /strata.yaml\napps: {shop: {folder: shop, build: {configure: ${said}, build: ls}}}\n`,
      );
    expect((await build(configured('false'), ['shop'])).stdout).not.toContain('configuration.json');
    expect((await build(configured('touch out.txt'), ['shop', '--no-upload'])).stdout).toContain(
      '\nout.txt\n',
    );
  });

  it('is refused with its mistakes', async () => {
    const root = gitWorkspace(
      `${shop}//- /strata.yaml\napps: {shop: {folder: shop, build: {tset: x, timeout: 0}}}\n`,
    );
    const { code, stderr } = await build(root, ['shop']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'strata.yaml:1:55: error manifest: apps.shop.build.timeout: must be more than 0\n' +
        'strata.yaml:1:37: error manifest: apps.shop.build.tset: the key `tset` is not known here. Did you mean `test`?\n',
    });
  });
});
