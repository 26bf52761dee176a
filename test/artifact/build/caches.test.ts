import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../support/cli.ts';
import { buildJson, commitAll, git, gitWorkspace } from '../../support/gitWorkspace.ts';
import { hasPython, localWheels } from '../../support/wheels.ts';

const base = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-caches-'));
afterAll(() => fs.rmSync(base, { recursive: true }));

const app = (name: string) => `
//- /strata.yaml
apps: {shop: shop}
artifacts: {store: ${path.join(base, name)}, trust: {unsigned: true}}
//- /.gitignore
virtualenv/
node_modules/
configuration.json
//- /shop/deploy/configuration/shop-default.yaml
a: 1
`;

function cloneOf(root: string): string {
  const clone = fs.mkdtempSync(path.join(base, 'clone-'));
  git(root, 'clone', '--quiet', root, clone);
  return clone;
}

const inShop = (root: string, name: string) => path.join(root, 'shop', name);

/** The artifacts of a kind that are kept. */
const kept = (name: string, kind: string) =>
  fs.readdirSync(path.join(base, name, 'shop/master')).filter((one) => one.startsWith(kind));

// Without venv there is no virtualenv: install python3-venv to have these tested.
describe.skipIf(!hasPython)('the virtualenv', () => {
  const wheels = hasPython ? localWheels('Paper==1.0') : {};

  it('is made once, and found by the next build, by another clone and by boxes', async () => {
    const root = gitWorkspace(`${app('one')}//- /shop/requirements.txt\nPaper>=1 # sheets\n`);
    const first = await buildJson(root, ['shop'], wheels);
    expect(first.results[0], first.stderr).toMatchObject({ built: true, warnings: [] });
    const [name = ''] = kept('one', 'virtualenv');
    expect(name).toMatch(/^virtualenv-3\.\d+-\w+-[0-9a-f]{20}\.tar\.gz$/);
    const meta = fs.readFileSync(path.join(base, 'one/shop/master/shop.tar.gz/0.1.meta'), 'utf8');
    expect(JSON.parse(meta).virtualenv).toBe(name);
    const again = await buildJson(root, ['shop'], wheels);
    expect(again.stderr).toContain('the virtualenv is as requirements.txt asks');
    const clone = cloneOf(root);
    const other = await buildJson(clone, ['shop'], wheels);
    expect(other.stderr).toContain(`virtualenv comes from ${base}/one (shop/master/${name})`);
    expect(other.stderr).not.toContain('pip install');
    // It lies elsewhere than where it was made, and works wherever it is moved to.
    const moved = path.join(base, 'moved to');
    fs.renameSync(inShop(clone, 'virtualenv'), moved);
    fs.rmSync(root, { recursive: true });
    const paper = await run(path.join(moved, 'bin/paper'), [], { cwd: base });
    expect(paper).toEqual({ code: 0, stdout: `paper ${moved}\n`, stderr: '' });
    const script = '. "$0/bin/activate"; echo "$VIRTUAL_ENV"; command -v python';
    const active = await run('bash', ['-c', script, moved], { cwd: base });
    expect(active.stdout).toBe(`${moved}\n${moved}/bin/python\n`);
  });

  it('is made anew where the one that is kept was altered, and when that is asked for', async () => {
    const root = gitWorkspace(`${app('two')}//- /shop/requirements.txt\n# nothing\n`);
    await buildJson(root, ['shop', '--prepare-only'], wheels);
    const [name = ''] = kept('two', 'virtualenv');
    const file = path.join(base, 'two/shop/master', name, '1');
    const bytes = fs.readFileSync(file);
    fs.chmodSync(file, 0o644);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    fs.writeFileSync(file, bytes);
    const clone = cloneOf(root);
    const altered = await buildJson(clone, ['shop', '--prepare-only'], wheels);
    expect(altered.results[0].warnings[0]).toMatch(
      new RegExp(
        `^${name} cannot be used and is made again: shop/master 1 is refused: its bytes were altered`,
      ),
    );
    expect(altered.stderr).toContain('pip install');
    expect(fs.existsSync(inShop(clone, 'virtualenv/bin/python3'))).toBe(true);
    const asked = await buildJson(clone, ['shop', '--prepare-only', '--force-virtualenv'], wheels);
    expect(asked.stderr).toContain('pip install');
    expect(fs.readFileSync(path.join(base, 'two/shop/master', name, 'latest'), 'utf8')).toBe('3\n');
  });

  it('stays as it was when a new one cannot be made', async () => {
    const root = gitWorkspace(`${app('three')}//- /shop/requirements.txt\nNobodyHasThis\n`);
    fs.mkdirSync(inShop(root, 'virtualenv'));
    fs.writeFileSync(inShop(root, 'virtualenv/mine'), '');
    const { results } = await buildJson(root, ['shop'], wheels);
    expect(results[0].failure.message).toBe('pip install -r requirements.txt failed with exit code 1');
    expect(fs.readdirSync(inShop(root, 'virtualenv'))).toEqual(['mine']);
    expect(fs.existsSync(path.join(root, '.strata/builds/shop/staging'))).toBe(false);
  });
});

describe('the node modules', () => {
  const npm = (folder: string, ...args: string[]) =>
    execFileSync('npm', [...args, '--offline', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'pipe' });

  /** An app with a dependency that comes with it, so that nothing has to be fetched. */
  function withModules(name: string): string {
    const root = gitWorkspace(`${app(name)}
//- /shop/package.json
{"name": "shop", "version": "1.0.0", "scripts": {"build": "paper"}}
//- /shop/paper/package.json
{"name": "paper", "version": "1.0.0", "bin": "paper.js"}
//- /shop/paper/paper.js
#!/usr/bin/env node
console.log('paper is here');
`);
    npm(inShop(root, 'paper'), 'pack', '--pack-destination', '..');
    npm(inShop(root, '.'), 'install', './paper-1.0.0.tgz');
    fs.rmSync(inShop(root, 'node_modules'), { recursive: true });
    commitAll(root);
    return root;
  }

  it('are brought once, and found by the next build and by another clone', async () => {
    const root = withModules('four');
    const first = await buildJson(root, ['shop']);
    expect(first.results[0], first.stderr).toMatchObject({ built: true, warnings: [] });
    expect(first.stderr).toMatch(/\$ npm ci\n(.*\n)+paper is here\n/);
    const [name = ''] = kept('four', 'node-modules');
    expect((await buildJson(root, ['shop'])).stderr).toContain(
      'the node modules are as the lock file names them',
    );
    const other = await buildJson(cloneOf(root), ['shop']);
    expect(other.stderr).toContain(`node_modules comes from ${base}/four (shop/master/${name})`);
    expect(other.stderr).not.toContain('npm ci');
    expect(other.stderr).toContain('\npaper is here\n');
    expect(other.results[0].sha256).toBe(first.results[0].sha256);
  });

  it('are brought again after somebody else has changed them', async () => {
    const root = withModules('five');
    await buildJson(root, ['shop', '--prepare-only']);
    npm(inShop(root, '.'), 'uninstall', 'paper');
    git(root, 'checkout', '--quiet', '.');
    const { stderr } = await buildJson(root, ['shop']);
    expect(stderr).toContain('node_modules comes from');
    expect(stderr).toContain('\npaper is here\n');
  });

  it('stay as they were when npm fails', async () => {
    const root = withModules('six');
    fs.mkdirSync(inShop(root, 'node_modules'));
    fs.writeFileSync(inShop(root, 'node_modules/mine'), '');
    fs.writeFileSync(inShop(root, 'package.json'), '{"dependencies": {"else": "1"}}');
    commitAll(root);
    const { results } = await buildJson(root, ['shop']);
    expect(results[0].failure.message).toMatch(/^npm ci failed with exit code \d+$/);
    expect(fs.readdirSync(inShop(root, 'node_modules'))).toEqual(['mine']);
  });

  it('need a lock file', async () => {
    const root = gitWorkspace(`${app('seven')}//- /shop/package.json\n{"dependencies": {"paper": "1"}}\n`);
    expect((await buildJson(root, ['shop'])).results[0].failure.message).toBe(
      'there is no package-lock.json: run `npm install`, and commit what it writes',
    );
  });

  it('need a package.json that can be read', async () => {
    const root = gitWorkspace(`${app('eight')}//- /shop/package.json\n{"dependencies": {\n`);
    expect((await buildJson(root, ['shop'])).results[0].failure.message).toMatch(
      /package\.json cannot be read/,
    );
  });
});
