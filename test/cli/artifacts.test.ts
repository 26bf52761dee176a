import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliFile, type Run, strata } from '../support/cli.ts';
import { writeFile, writeFiles } from '../support/workspaceFiles.ts';

const workspace = `
//- /strata.yaml
configs: [configs]
apps: []
environments: [qa]
//- /configs/common.yaml
a: 1
//- /dist/shop.tar.gz
some bytes
`;

/** A workspace, and a person with keys of their own who works in it. */
function setUp(text = workspace) {
  const cwd = writeFiles(text);
  const config = writeFiles('');
  const as =
    (home: string) =>
    (...args: string[]): Promise<Run> =>
      strata(args, { cwd, env: { XDG_CONFIG_HOME: home, STRATA_ARTIFACTS: '' } });
  return { cwd, config, run: as(config), as };
}

const withTrust = (trust: string) =>
  workspace.replace('environments:', `artifacts: {store: store, trust: ${trust}}\nenvironments:`);

const shopFile = (cwd: string, name: string, store = '.strata/artifacts') =>
  path.join(cwd, store, 'shop/master/shop.tar.gz', name);

/** Changes a file that is read-only. */
function overwrite(file: string, text: string): void {
  fs.rmSync(file);
  fs.writeFileSync(file, text);
}

describe.concurrent('strata artifacts', () => {
  it('keeps versions in the workspace, without any set-up', async () => {
    const { run, cwd } = setUp();
    const first = await run(
      'artifacts',
      'upload',
      'shop',
      'dist/shop.tar.gz',
      '-m',
      'commit=abc',
      '-m',
      'branch=ü',
    );
    expect(first).toMatchObject({ code: 0, stderr: `uploaded to ${path.join(cwd, '.strata/artifacts')}\n` });
    expect(first.stdout).toMatch(/^shop\/master 1: 11 B, sha256 [0-9a-f]{64}, the latest\n$/);
    expect((await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz')).stdout).toContain(
      'shop/master 2: ',
    );
    const lower = await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '1.5');
    expect(lower.stdout).toContain('the latest stays 2');

    expect((await run('artifacts', 'list')).stdout).toMatch(
      /^app +channel +artifact +latest\nshop +master +shop.tar.gz +2\n$/,
    );
    const { stdout } = await run('artifacts', 'versions', 'shop');
    expect(stdout.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual([
      'version',
      '1',
      '1.5',
      '2',
      '',
    ]);
    expect(stdout).toMatch(/^2 .* latest$/m);
    const shown = await run('artifacts', 'show', 'shop', '1');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(/^branch +ü$/m);
    expect(shown.stdout).toMatch(/^signed by +nobody who is trusted here$/m);

    expect((await run('artifacts', 'download', 'shop', '-o', 'got')).stderr).toContain(
      'shop/master 2: 11 B, not signed',
    );
    expect(fs.readFileSync(path.join(cwd, 'got'), 'utf8')).toBe('some bytes\n');
    expect((await run('artifacts', 'delete', 'shop', '2')).code).toBe(0);
    expect((await run('artifacts', 'list', 'shop')).stdout).toMatch(/ 1.5\n$/);
    expect(await run('artifacts', 'verify')).toMatchObject({
      code: 0,
      stderr: '2 of 2 versions are as they should be\n',
    });
  });

  it('prints JSON for machines', async () => {
    const { run } = setUp();
    const uploaded = JSON.parse(
      (await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '7', '--json')).stdout,
    );
    expect(uploaded).toMatchObject({
      version: 1,
      artifact: { app: 'shop', version: '7', size: 11 },
      latest: '7',
    });
    const json = async (...args: string[]) => JSON.parse((await run('artifacts', ...args, '--json')).stdout);
    expect(await json('list')).toMatchObject({
      artifacts: [{ app: 'shop', channel: 'master', latest: '7' }],
    });
    expect(await json('versions', 'shop')).toMatchObject({
      latest: '7',
      versions: [{ version: '7', size: 11 }],
    });
    expect((await json('versions', 'shop')).versions[0]).not.toHaveProperty('commit');
    await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '8', '-m', 'commit=abc', '-m', 'branch=ü');
    expect((await json('versions', 'shop', '--facts', '1')).versions).toMatchObject([
      { version: '7' },
      { version: '8', commit: 'abc', branch: 'ü', message: null, builder: null, refused: null },
    ]);
    await run('artifacts', 'delete', 'shop', '8');
    expect(await json('show', 'shop')).toMatchObject({
      artifact: { version: '7', signedBy: null, expires: null },
      isLatest: true,
      refused: null,
    });
    expect(await json('download', 'shop', '-o', 'got')).toMatchObject({
      artifact: { version: '7' },
      file: 'got',
    });
    expect(await json('verify')).toMatchObject({ artifacts: [{ version: '7', refused: null }] });
    expect(await json('promote', 'shop', '--to', 'qa')).toMatchObject({
      artifact: { promotedFrom: 'master' },
    });
  });

  it('works on the repository that is named: by the manifest, by the environment, by --store', async () => {
    const { run, cwd, config } = setUp(withTrust('{unsigned: true}'));
    await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz');
    expect(fs.existsSync(shopFile(cwd, '1', 'store'))).toBe(true);
    const allow = { XDG_CONFIG_HOME: config };
    const inFolder = { cwd, env: { ...allow, STRATA_ARTIFACTS: path.join(cwd, 'other') } };
    await strata(['artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '2'], inFolder);
    expect(fs.existsSync(shopFile(cwd, '2', 'other'))).toBe(true);
    const named = await strata(['artifacts', 'list', '--store', 'store'], inFolder);
    expect(named.stdout).toMatch(/ 1\n$/);
    const elsewhere = { ...inFolder, cwd: writeFiles('') };
    expect((await strata(['artifacts', 'list'], elsewhere)).stdout).toMatch(/ 2\n$/);
    expect(await strata(['artifacts', 'list'], { cwd: elsewhere.cwd })).toMatchObject({ code: 2 });
  });

  it.each([
    [['upload', 'shop', 'dist/shop.tar.gz', '../1'], 2, '"../1" cannot be the name of a version'],
    [['upload', 'shop', 'dist/shop.tar.gz', 'latest'], 2, 'mean something else'],
    [['upload', '../shop', 'dist/shop.tar.gz'], 2, '"../shop" cannot be the name of an app'],
    [['upload', 'shop', 'dist/shop.tar.gz', '--channel', 'a/b'], 2, '"a/b" cannot be the name of a channel'],
    [['upload', 'shop', 'dist/shop.tar.gz', '-m', 'Commit=x'], 2, '"Commit" cannot name metadata'],
    [['upload', 'shop', 'dist/shop.tar.gz', '--expires', 'soon'], 2, '--expires: "soon" is no time'],
    [['upload', 'shop', 'dist/shop.tar.gz', '--key', 'ci'], 1, 'there is no key ci'],
    [['upload', 'shop', 'dist/none'], 1, 'there is no file dist/none'],
    [['upload', 'shop', 'dist'], 2, 'dist is no regular file'],
    [['versions', 'shpo'], 1, 'there is no app shpo in HERE/.strata/artifacts. Did you mean `shop`?'],
    [
      ['versions', 'shop', '--channel', 'qa'],
      1,
      'shop has no channel qa in HERE/.strata/artifacts. There are: master',
    ],
    [['versions', 'shop', '--artifact', 'x'], 1, 'shop/master has no x in'],
    [
      ['show', 'shop', '9'],
      1,
      'there is no version 9 of shop/master (shop.tar.gz) in HERE/.strata/artifacts',
    ],
    [['download', 'shop', '-o', 'dist'], 2, 'HERE/dist is a folder: name a file'],
    [['download', 'shop', '-o', 'none/x'], 2, 'there is no folder HERE/none to download into'],
    [['download', 'shop', '--minimum', '2'], 1, 'it is older than 2'],
    [['delete', 'shop', '9'], 1, 'there is no version 9'],
    [['promote', 'shop', '--to', 'master'], 2, 'it is on master already'],
    [['gc', '--max-versions', '1', '--in-use', 'none'], 2, 'there is no file none'],
    [['gc', '--max-versions', '1', '--in-use', 'strata.yaml'], 2, 'is not APP/CHANNEL/VERSION'],
    [['list', '--store', 'ftp://x/y'], 2, 'ftp://x/y'],
    [['list', '-C', 'none'], 2, 'there is no folder none'],
  ])('%j says what is wrong', async (args, code, message) => {
    const { run, cwd } = setUp();
    await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '1');
    const result = await run('artifacts', ...args);
    expect({ ...result, stderr: result.stderr.replaceAll(cwd, 'HERE') }).toEqual({
      code,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('trusts nothing under a manifest with a mistake', async () => {
    const { run } = setUp(withTrust('{unsined: true}'));
    const { code, stderr } = await run('artifacts', 'list');
    expect(code).toBe(1);
    expect(stderr).toContain('the key `unsined` is not known here');
  });

  it('takes what is old away, but for what is in use', async () => {
    const { run, cwd } = setUp();
    for (const version of ['1', '2', '3', '4'])
      await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', version);
    writeFile(cwd, 'boxes', 'shop/master/1\n');
    const gc = ['artifacts', 'gc', '--max-versions', '1', '--in-use', 'boxes', '--keep', '2'];
    const dry = { code: 0, stdout: 'shop/master 3\n', stderr: 'would delete 1 versions, 11 B\n' };
    expect(await run(...gc, '--dry-run')).toEqual(dry);
    expect(await run(...gc)).toEqual({ ...dry, stderr: 'deleted 1 versions, 11 B\n' });
    const { stdout } = await run('artifacts', 'versions', 'shop');
    expect(stdout.match(/^\d/gm)).toEqual(['1', '2', '4']);
  });
});

describe.concurrent('strata keys', () => {
  it('makes a key that signs, and that others can trust', async () => {
    const { run, as, config, cwd } = setUp(withTrust('{}'));
    const strict = await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz');
    expect(strict).toMatchObject({ code: 1, stderr: expect.stringContaining('strata keys new NAME') });
    const made = await run('keys', 'new', 'ci');
    expect(made.stdout).toMatch(/^ed25519:[A-Za-z0-9+/]{43}=\n$/);
    expect(fs.statSync(path.join(config, 'strata/keys/ci.key')).mode & 0o777).toBe(0o600);
    expect((await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '1')).code).toBe(0);
    expect((await run('artifacts', 'download', 'shop')).stderr).toContain('signed by ci');

    const box = as(writeFiles(''));
    const refused = await box('artifacts', 'download', 'shop', '-o', 'got');
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no key that is trusted here signed it'),
    });
    expect(fs.existsSync(path.join(cwd, 'got'))).toBe(false);
    const shown = await box('artifacts', 'show', 'shop');
    expect(shown).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^refused +shop\/master 1 is refused/m),
    });
    await box('keys', 'trust', made.stdout.trim(), '--name', 'builder', '--app', 'blog');
    expect((await box('artifacts', 'download', 'shop')).stderr).toContain(
      'signed by builder, which is trusted for blog/* only',
    );
    await box(
      'keys',
      'trust',
      path.join(config, 'strata/keys/ci.pub'),
      '--app',
      'sh*',
      '--channel',
      'master',
    );
    expect((await box('artifacts', 'download', 'shop', '-o', 'got')).stderr).toContain('signed by ci');
    const { keys } = JSON.parse((await box('keys', 'list', '--json')).stdout);
    expect(keys).toMatchObject([
      { name: 'builder', signs: false, trusted: { app: 'blog', channel: '*' } },
      { name: 'ci', signs: false, trusted: { app: 'sh*', channel: 'master' } },
    ]);
  });

  it('trusts by the manifest too', async () => {
    const { run, cwd, as } = setUp(withTrust('{}'));
    const key = (await run('keys', 'new', 'ci', '--no-trust')).stdout.trim();
    await run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz', '1', '--expires', '1d');
    expect((await run('artifacts', 'verify')).code).toBe(1);
    expect((await run('keys', 'list')).stdout).toMatch(/^ci .* yes +- +ed25519:/m);
    writeFile(
      cwd,
      'strata.yaml',
      withTrust(`{keys: [{name: ci, key: "${key}"}]}`).split('//-')[1]?.split('\n').slice(1).join('\n') ?? '',
    );
    expect(await as(writeFiles(''))('artifacts', 'verify')).toMatchObject({ code: 0 });
  });

  it.each([
    [['new', '../x'], 2, '"../x" cannot be the name of a key'],
    [['new', 'ci'], 1, 'there is a key ci already'],
    [['trust', 'none'], 2, 'none is neither a file nor a public key'],
    [['trust', 'ed25519:AAAA'], 2, 'an Ed25519 key is needed'],
    [['trust', 'strata.yaml'], 2, 'an Ed25519 key is needed'],
  ])('%j says what is wrong', async (args, code, message) => {
    const { run } = setUp();
    await run('keys', 'new', 'ci');
    expect(await run('keys', ...args)).toEqual({
      code,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });

  it('must be told which key to sign with where there are several', async () => {
    const { run } = setUp();
    for (const name of ['a', 'b']) await run('keys', 'new', name);
    const upload = ['artifacts', 'upload', 'shop', 'dist/shop.tar.gz'];
    expect(await run(...upload)).toMatchObject({ code: 2, stderr: expect.stringContaining('(--key): a, b') });
    expect((await run(...upload, '--key', 'b')).code).toBe(0);
    expect((await run('artifacts', 'show', 'shop')).stdout).toMatch(/^signed by +b$/m);
  });
});

describe.concurrent('several at once', () => {
  it('upload one version: one wins, the others are told', async () => {
    const { run, cwd } = setUp();
    const files = ['a', 'b', 'c'];
    for (const name of files) writeFile(cwd, name, name.repeat(200_000));
    const results = await Promise.all(
      files.map((name) => run('artifacts', 'upload', 'shop', name, '1', '--artifact', 'shop.tar.gz')),
    );
    expect(results.map((one) => one.code).sort()).toEqual([0, 1, 1]);
    for (const { code, stderr } of results) {
      if (code === 1) expect(stderr).toContain('shop/master has a version 1 already');
    }
    const won = files[results.findIndex((one) => one.code === 0)] ?? '';
    expect(fs.readFileSync(shopFile(cwd, '1'), 'utf8')).toBe(won.repeat(200_000));
    expect(fs.readdirSync(shopFile(cwd, '_strata/manifests'))).toHaveLength(1);
    expect((await run('artifacts', 'verify')).code).toBe(0);
  });

  it('take the next version: each gets its own', async () => {
    const { run } = setUp();
    await Promise.all(
      Array.from({ length: 4 }, () => run('artifacts', 'upload', 'shop', 'dist/shop.tar.gz')),
    );
    const { stdout } = await run('artifacts', 'versions', 'shop');
    expect(stdout.match(/^\d+/gm)).toEqual(['1', '2', '3', '4']);
    expect(stdout).toMatch(/^4 .* latest$/m);
  });
});

describe.concurrent('what was tampered with', () => {
  it.each([
    ['cut short', (cwd: string) => overwrite(shopFile(cwd, '1', 'store'), 'some'), 'cut short or altered'],
    [
      'altered',
      (cwd: string) => overwrite(shopFile(cwd, '1', 'store'), 'SOME bytes\n'),
      'its bytes were altered',
    ],
    [
      'swapped for another app',
      (cwd: string) => {
        fs.renameSync(path.join(cwd, 'store/shop'), path.join(cwd, 'store/old'));
        fs.renameSync(path.join(cwd, 'store/blog'), path.join(cwd, 'store/shop'));
      },
      'it was swapped: its manifest is that of blog/master/shop.tar.gz 1',
    ],
  ])('is refused: %s', async (_, harm, reason) => {
    const { run, cwd } = setUp(withTrust('{}'));
    await run('keys', 'new', 'ci');
    for (const app of ['shop', 'blog']) await run('artifacts', 'upload', app, 'dist/shop.tar.gz', '1');
    harm(cwd);
    const download = await run('artifacts', 'download', 'shop', '--artifact', 'shop.tar.gz', '-o', 'got');
    expect(download).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(reason) });
    expect(fs.readdirSync(cwd).filter((name) => name.includes('got'))).toEqual([]);
    const verify = await run('artifacts', 'verify', 'shop');
    expect(verify).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) });
    expect(verify.stderr).toContain('0 of 1 versions are as they should be');
  });
});

describe('an upload that is interrupted', () => {
  it('leaves nothing behind', async () => {
    const { cwd, config, run } = setUp();
    const file = path.join(cwd, 'big');
    fs.writeFileSync(file, '');
    fs.truncateSync(file, 400_000_000);
    const manifests = shopFile(cwd, '_strata/manifests');
    fs.mkdirSync(manifests, { recursive: true });
    const watcher = fs.watch(manifests);
    const args = ['artifacts', 'upload', 'shop', 'big', '1', '--artifact', 'shop.tar.gz'];
    const env = { ...process.env, XDG_CONFIG_HOME: config };
    const child = spawn(process.execPath, [cliFile, ...args], { cwd, env, stdio: 'ignore' });
    const ended = once(child, 'close');
    await once(watcher, 'change');
    watcher.close();
    child.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
    const store = path.join(cwd, '.strata/artifacts');
    const left = fs.readdirSync(store, { recursive: true, encoding: 'utf8' });
    expect(left.filter((name) => fs.statSync(path.join(store, name)).isFile())).toEqual([]);
    expect((await run('artifacts', 'list')).stderr).toContain('no artifacts in');
  });
});
