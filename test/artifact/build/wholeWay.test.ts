import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { run, strata } from '../../support/cli.ts';
import { buildJson, cleanEnvironment, commitAll, gitWorkspace } from '../../support/gitWorkspace.ts';
import { writeFile } from '../../support/workspaceFiles.ts';

it('an app goes from a commit through a signed artifact to files on a box', async () => {
  const root = gitWorkspace(`
//- /strata.yaml
apps: {shop: shop}
artifacts: {store: .strata/shared, trust: {}}
//- /.gitignore
configuration.json
*.tar
//- /shop/deploy/configuration/shop-default.yaml
a: 1
//- /shop/app.txt
an app
`);
  const config = path.join(root, '.strata/config');
  const own = { XDG_CONFIG_HOME: config };
  const env = cleanEnvironment(own);
  const call = async (...args: string[]) => {
    const { code, stdout, stderr } = await strata(args, { cwd: root, env });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    return stdout;
  };
  await call('keys', 'new', 'ci');
  await call('keys', 'trust', path.join(config, 'strata/keys/ci.pub'));
  const first = await buildJson(root, ['shop', '--version', '1'], own);
  expect(first.results[0], first.stderr).toMatchObject({ built: true, signed: true, version: '1' });
  writeFile(root, 'shop/app.txt', 'a better app\n');
  commitAll(root, 'A better app');
  const second = await buildJson(root, ['shop', '--version', '2'], own);
  const shown = JSON.parse(await call('artifacts', 'show', 'shop', '--json'));
  expect(JSON.stringify(shown)).toContain('A better app');
  expect(JSON.stringify(shown)).toContain(second.results[0].sha256);
  await call('artifacts', 'verify', 'shop');
  await call('artifacts', 'download', 'shop', '--output', 'box.tar');
  const box = path.join(root, '.strata/box');
  fs.mkdirSync(box);
  await run('tar', ['-xf', path.join(root, 'box.tar')], { cwd: box });
  expect(fs.readFileSync(path.join(box, 'shop/app.txt'), 'utf8')).toBe('a better app\n');
});
