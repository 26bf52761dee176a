import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliFile, run } from '../../support/cli.ts';
import { exampleShop } from '../../support/exampleShop.ts';
import { buildJson, cleanEnvironment, commitTime, git, gitWorkspace } from '../../support/gitWorkspace.ts';
import { hasPython, localWheels } from '../../support/wheels.ts';

/** A second place with the same commit, whose files were made later, in another order and with other modes. */
function otherClone(root: string): string {
  const clone = path.join(root, '.strata/somewhere else/ü');
  git(root, 'clone', '--quiet', root, clone);
  const files = git(clone, 'ls-files', '-z').split('\0').filter(Boolean).reverse();
  for (const file of files) fs.rmSync(path.join(clone, file));
  for (const file of files) git(clone, 'checkout', '--', file);
  for (const file of files) fs.utimesSync(path.join(clone, file), 1, 1);
  const scripts = new Set(git(clone, 'ls-files', '-s').match(/(?<=^100755 .*\t).*$/gm));
  for (const file of files) fs.chmodSync(path.join(clone, file), scripts.has(file) ? 0o700 : 0o600);
  return clone;
}

describe('the same commit', () => {
  it.each(['zstd', 'gzip'])('gives the same bytes anywhere, with %s', async (compression) => {
    const root = gitWorkspace(`
//- /strata.yaml
apps: {shop: {folder: shop, compression: ${compression}, build: {outputs: [out]}}}
//- /.gitignore
out/
configuration.json
//- /shop/deploy/configuration/shop-default.yaml
a: 1
//- /shop/${'a-long-name/'.repeat(12)}file.txt
long
//- /shop/ü.txt
not ASCII
//- /shop/scripts/build.sh
#!/bin/sh
mkdir -p out
for name in b B a ä; do echo $name > out/$name; done
ls out | sort > list
mv list out/list
date -u -d @$SOURCE_DATE_EPOCH >> out/list
`);
    const clone = otherClone(root);
    const first = await buildJson(root, ['shop', '--no-upload'], {
      TZ: 'UTC',
      LC_ALL: 'C',
      SOURCE_DATE_EPOCH: '',
    });
    const script = 'umask 077; exec "$0" "$@"';
    const args = [process.execPath, cliFile, 'build', 'shop', '--no-upload', '--json', '--output', clone];
    const env = cleanEnvironment({
      TZ: 'Asia/Tokyo',
      LC_ALL: 'de_DE.UTF-8',
      HOME: clone,
      USER: 'else',
      SOURCE_DATE_EPOCH: '',
    });
    const second = await run('sh', ['-c', script, ...args], { cwd: clone, env });
    expect(JSON.parse(second.stdout)).toMatchObject({ built: true });
    expect(JSON.parse(second.stdout).sha256).toBe(first.results[0].sha256);
    const listing = await run(
      'tar',
      ['--full-time', '--utc', '-tvf', path.join(clone, `shop.tar.${compression === 'gzip' ? 'gz' : 'zst'}`)],
      { cwd: clone },
    );
    const lines = listing.stdout.trim().split('\n');
    const time = new Date(commitTime * 1000).toISOString().slice(0, 19).replace('T', ' ');
    for (const line of lines)
      expect(line).toMatch(new RegExp(`^(drwxr-xr-x|-rw[x-]r-[x-]r-[x-]) root/root +\\d+ ${time} `));
  });
});

/** Builds an app of the example in two clones. */
async function buildTwice(app: string, env: Record<string, string> = {}) {
  const root = exampleShop();
  const built = [];
  for (const folder of [root, otherClone(root)]) {
    const { results, stderr } = await buildJson(folder, [app, '--output', folder], env);
    expect(results[0], stderr).toMatchObject({ built: true, failure: null, dirty: false, warnings: [] });
    expect(git(folder, 'status', '--porcelain')).toBe(`?? ${app}.tar.zst`);
    built.push(results[0]);
  }
  return built;
}

describe('the example', () => {
  it.each(['api', 'landing'])('%s is built twice to the same bytes', async (app) => {
    const [first, second] = await buildTwice(app);
    expect(second.sha256).toBe(first.sha256);
    expect(first.tests).toEqual(
      app === 'api' ? { tests: 3, failures: 0, errors: 0, skipped: 0, failing: [] } : null,
    );
  });

  // Without venv there is no virtualenv: install python3-venv to have this tested.
  it.skipIf(!hasPython)('storefront is built twice to the same bytes', async () => {
    const packages = ['Django==5.2.1', 'gunicorn==23.0.0', 'psycopg==3.2.1', 'redis==5.0.0'];
    const [first, second] = await buildTwice('storefront', localWheels(...packages));
    expect(second.sha256).toBe(first.sha256);
  });

  it('is built as a whole, side by side', async () => {
    const root = exampleShop();
    const { code, results, stderr } = await buildJson(root, ['api', 'landing', '-j', '2']);
    expect({ code, built: results.map((one) => [one.app, one.built]).sort() }).toEqual({
      code: 0,
      built: [
        ['api', true],
        ['landing', true],
      ],
    });
    expect(stderr).toMatch(/^api {5}│ ── configure ─/m);
    expect(stderr).toMatch(/^landing │ built .*\/apps\/landing\/build$/m);
  });

  it('tells in the end what became of each app', async () => {
    const root = exampleShop();
    const test = path.join(root, 'apps/api/scripts/test.sh');
    fs.writeFileSync(test, '#!/bin/sh\nexit 1\n');
    const { code, stderr } = await buildJson(root, ['landing', 'api', '--allow-dirty', '-j', '2']);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^✓ landing {2}0\.1 {2}[0-9a-f]{12} {2}[\d.]+ s\n✗ api {6}scripts\/test\.sh failed with exit code 1\n$/m,
    );
  });
});
