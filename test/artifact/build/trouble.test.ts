import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliFile, run } from '../../support/cli.ts';
import {
  build,
  buildJson,
  cleanEnvironment,
  commitAll,
  git,
  gitWorkspace,
} from '../../support/gitWorkspace.ts';
import { writeFile, writeFiles } from '../../support/workspaceFiles.ts';

const app = `
//- /strata.yaml
apps: {shop: shop}
environments: [local, qa]
//- /.gitignore
configuration*.json
out/
reports/
*.pid
//- /shop/deploy/configuration/shop-default.yaml
name: shop
`;

const scripts = (lines: Record<string, string>) =>
  Object.entries(lines).map(([name, line]) => `//- /shop/scripts/${name}.sh\n#!/bin/sh\n${line}\n`);

const withScripts = (lines: Record<string, string>) => gitWorkspace(app + scripts(lines).join(''));

const inShop = (root: string, name: string) => path.join(root, 'shop', name);

/** Nothing was stored, and nothing stays but the logs. */
function expectNothing(root: string) {
  expect(git(root, 'status', '--porcelain')).toBe('');
  expect(fs.existsSync(inShop(root, 'configuration.json'))).toBe(false);
  expect(fs.readdirSync(path.join(root, '.strata/builds/shop')).filter((name) => !/^\d/.test(name))).toEqual(
    [],
  );
  expect(fs.existsSync(path.join(root, '.strata/artifacts/shop'))).toBe(false);
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    // What has ended and was not yet waited for is gone as well.
    return !/\) Z /.test(fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

const pids = (root: string) =>
  fs.readFileSync(inShop(root, 'all.pid'), 'utf8').trim().split(/\s+/).map(Number);

describe.concurrent('a script', () => {
  it.each([
    ['fails', 'echo no >&2; exit 7', 'scripts/build.sh failed with exit code 7'],
    ['is ended by a signal', 'kill -SEGV $$', 'scripts/build.sh was ended by SIGSEGV'],
  ])('%s', async (_, line, message) => {
    const root = withScripts({ build: line });
    const { code, stdout } = await build(root, ['shop']);
    expect(code).toBe(1);
    expect(stdout).toContain(`strata: shop: build: ${message}\nthe log is in ${root}/.strata/builds/shop/`);
    expectNothing(root);
  });

  it('that nobody may run is told', async () => {
    const root = withScripts({ build: 'true' });
    fs.chmodSync(inShop(root, 'scripts/build.sh'), 0o644);
    commitAll(path.join(root));
    fs.chmodSync(inShop(root, 'scripts/build.sh'), 0o644);
    const { results } = await buildJson(root, ['shop', '--allow-dirty']);
    expect(results[0].failure.message).toBe('scripts/build.sh may not be run: make it executable (chmod +x)');
  });

  it('whose interpreter is not there is told', async () => {
    const root = gitWorkspace(`${app}//- /shop/scripts/build.sh\n#!/no/such/shell\n`);
    const { results } = await buildJson(root, ['shop']);
    expect(results[0].failure.message).toContain('scripts/build.sh cannot be started');
  });

  it('that hangs is ended with all that it started, also what does not listen', async () => {
    const root = withScripts({
      build:
        'trap "" TERM; sh -c \'trap "" TERM; while :; do sleep 1000; done\' & echo $$ $! > all.pid; while :; do sleep 1000; done',
    });
    const { results } = await buildJson(root, ['shop', '--timeout', '0.01']);
    expect(results[0].failure.message).toBe(
      'scripts/build.sh took longer than 0.6 s and was ended: give it more with --timeout, or `timeout` in the manifest',
    );
    expect(pids(root).map(isAlive)).toEqual([false, false]);
    expectNothing(root);
  });

  it('may leave something running, which ends with it', async () => {
    const root = withScripts({ build: 'sleep 1000 & echo $! > all.pid; echo done' });
    expect(await build(root, ['shop'])).toMatchObject({ code: 0 });
    expect(pids(root).map(isAlive)).toEqual([false]);
  });

  it('gets no input to wait for', async () => {
    const root = withScripts({ build: 'read line || echo nobody is there' });
    expect((await build(root, ['shop'])).stdout).toContain('\nnobody is there\n');
  });

  it.each([
    ['lines', "yes 'a line of output that is rather long' | head -c 100000000", 100_000_000],
    ['no newline', "head -c 100000000 /dev/zero | tr '\\0' x", 100_000_000],
    ['carriage returns', "yes 'progress' | head -c 100000000 | tr '\\n' '\\r'", 100_000_000],
  ])('that prints 100 MB of %s costs neither memory nor disk', async (_, line, bytes) => {
    const root = withScripts({ build: line });
    const script = '"$0" "$1" build shop > out; echo "exit $?"';
    const env = cleanEnvironment({ NODE_OPTIONS: '--max-old-space-size=64' });
    const { stdout } = await run('sh', ['-c', script, process.execPath, cliFile], {
      cwd: root,
      env,
      mostMs: 120_000,
    });
    expect(stdout).toBe('exit 0\n');
    const [logs = ''] = fs.globSync('.strata/builds/shop/*/build.log', { cwd: root });
    const log = fs.readFileSync(path.join(root, logs), 'latin1');
    expect(log.length).toBeLessThan(10_000_000);
    const left = Number(/\[strata: (\d+) bytes are left out here\]/.exec(log)?.[1]);
    expect(left).toBeGreaterThan(bytes - 10_000_000);
    const shown = fs.readFileSync(path.join(root, 'out'), 'latin1');
    expect(shown).toContain(
      `warning: the output of build is too long for its log: ${left} bytes are left out`,
    );
  });

  it('that prints what moves the cursor cannot disturb the output', async () => {
    const root = withScripts({
      build: "printf '\\033[2J\\033[31mred\\033[0m\\007 10%%\\r20%%\\033]0;title\\007\\n'",
    });
    expect((await build(root, ['shop'])).stdout).toContain('\n20%\n');
  });
});

describe.concurrent('git', () => {
  it('that knows of changes keeps the app from being built', async () => {
    const root = gitWorkspace(app);
    writeFile(root, 'shop/new.txt', '');
    writeFile(root, 'other/new.txt', '');
    const { code, stdout } = await build(root, ['shop']);
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout:
        'strata: shop: shop has changes that are not committed (shop/new.txt): commit or ignore them, or give --allow-dirty\n',
    });
    const { results } = await buildJson(root, ['shop', '--allow-dirty']);
    expect(results[0]).toMatchObject({ built: true, dirty: true });
  });

  it('that knows of changes elsewhere lets it be built, but for layers that it reads', async () => {
    const root = gitWorkspace(
      `${app}//- /strata.yaml\napps: {shop: shop}\nconfigs: [configs]\n//- /configs/common.yaml\na: 1\n`,
    );
    writeFile(root, 'other/new.txt', '');
    expect((await buildJson(root, ['shop'])).results[0]).toMatchObject({ built: true, dirty: false });
    writeFile(root, 'configs/common.yaml', 'a: 2\n');
    expect((await buildJson(root, ['shop'])).results[0].failure.message).toContain('(configs/common.yaml)');
  });

  it('that has no repository there is told', async () => {
    const root = writeFiles(app);
    const { code, results } = await buildJson(root, ['shop']);
    expect(code).toBe(1);
    expect(results[0].failure.message).toBe(
      `shop cannot be built from a known commit: ${root}/shop lies in no git repository. Build it in a clone, or give --allow-dirty`,
    );
    const allowed = await buildJson(root, ['shop', '--allow-dirty', '--channel', 'x']);
    expect(allowed.results[0].failure.message).toBe(
      `what goes into the artifact cannot be told: ${root}/shop lies in no git repository. Build it in a clone, or make dist/APP.tar.gz with scripts/dist.sh`,
    );
  });

  it('that has no commit yet is told', async () => {
    const root = writeFiles(app);
    git(root, 'init', '--quiet');
    const { results } = await buildJson(root, ['shop']);
    expect(results[0].failure.message).toContain(`the git repository of ${root}/shop has no commit yet`);
  });

  it('need not be there for an app with a dist.sh', async () => {
    const root = writeFiles(
      app + scripts({ dist: 'mkdir -p dist && tar -czf dist/shop.tar.gz deploy' }).join(''),
    );
    fs.chmodSync(inShop(root, 'scripts/dist.sh'), 0o755);
    const tools = path.join(root, 'tools');
    fs.mkdirSync(tools);
    for (const tool of ['sh', 'tar', 'gzip', 'mkdir']) {
      const found = (process.env.PATH ?? '').split(':').map((folder) => path.join(folder, tool));
      fs.symlinkSync(found.find((file) => fs.existsSync(file))!, path.join(tools, tool));
    }
    const env = { PATH: tools, GIT_COMMIT: 'c0ffee', GIT_BRANCH: 'origin/main', BUILD_NUMBER: '12' };
    const { stdout } = await build(root, ['shop'], env);
    expect(stdout).toContain('git is not installed, or it is not on the PATH');
    const { results } = await buildJson(root, ['shop', '--allow-dirty'], env);
    expect(results[0]).toMatchObject({
      ...{ built: true, commit: 'c0ffee', branch: 'main', channel: 'master', version: '12', dirty: null },
    });
  });

  it('on a detached head needs a channel, unless a build server tells the branch', async () => {
    const root = gitWorkspace(app);
    git(root, 'checkout', '--quiet', '--detach');
    git(root, 'tag', 'v1.2');
    expect((await buildJson(root, ['shop'])).results[0].failure.message).toBe(
      'there is no branch to name the channel: the head is detached, and no build server says which it is; give --channel',
    );
    const channel = async (env: Record<string, string>, ...args: string[]) => {
      const { results } = await buildJson(root, ['shop', ...args], env);
      return [results[0].channel, results[0].branch, results[0].tag, results[0].version];
    };
    expect(await channel({}, '--channel', 'mine', '--version', '7')).toEqual(['mine', null, 'v1.2', '7']);
    const jenkins = { GIT_BRANCH: 'origin/feature/new basket', BUILD_NUMBER: '41' };
    expect(await channel(jenkins)).toEqual(['feature-new-basket', 'feature/new basket', 'v1.2', '41']);
    expect(await channel({ GITHUB_REF_TYPE: 'branch', GITHUB_REF_NAME: 'main' })).toEqual([
      ...['master', 'main', 'v1.2', '0.1'],
    ]);
    expect(await channel({ CI_COMMIT_BRANCH: 'qa' })).toEqual(['qa', 'qa', 'v1.2', '0.1']);
  });
});

describe.concurrent('tests', () => {
  const report = (cases: string) => `mkdir -p reports; cat > reports/a.xml <<'END'\n${cases}\nEND\n`;
  const withReport = (cases: string, more = '') => withScripts({ test: report(cases) + more });

  it('that fail are named, whatever the exit code', async () => {
    const root = withReport(
      `<testsuites><testsuite name="s" tests="9" failures="9">
         <testcase classname="shop.Basket" name="holds &lt;paper&gt;"><failure>no</failure></testcase>
         <testsuite><testcase name="is sold"><error/></testcase><testcase name="x"/></testsuite>
         <testcase name="y"><skipped/></testcase></testsuite></testsuites>`,
    );
    const { code, results, stderr } = await buildJson(root, ['shop']);
    expect(code).toBe(1);
    expect(results[0]).toMatchObject({
      failure: { message: '2 tests failed: shop.Basket holds <paper>; is sold' },
      tests: {
        tests: 4,
        failures: 1,
        errors: 1,
        skipped: 1,
        failing: ['shop.Basket holds <paper>', 'is sold'],
      },
    });
    expect(stderr).toContain(
      '4 tests: 2 failed, 1 skipped\n  failed: shop.Basket holds <paper>\n  failed: is sold\n',
    );
    expectNothing(root);
  });

  it('that passed before do not count', async () => {
    const root = withScripts({ test: 'true' });
    writeFile(
      root,
      'shop/reports/old.xml',
      '<testsuite><testcase name="x"><failure/></testcase></testsuite>',
    );
    expect((await buildJson(root, ['shop'])).results[0]).toMatchObject({ built: true, tests: null });
  });

  it('with a script that fails and reports that do not, fail', async () => {
    const root = withReport('<testsuite><testcase name="x"/></testsuite>', 'exit 2');
    expect((await buildJson(root, ['shop'])).results[0]).toMatchObject({
      ...{ failure: { message: 'scripts/test.sh failed with exit code 2' }, tests: { tests: 1 } },
    });
  });

  it('with reports that cannot be read are told, and count no less', async () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "${'ha'.repeat(100)}">${Array.from('bcdefghij', (name, at) => `<!ENTITY ${name} "${`&${'abcdefghij'[at]};`.repeat(10)}">`).join('')}]><testsuite><testcase name="&j;"/></testsuite>`;
    const root = withReport(
      bomb,
      "echo '<testsuite><testcase' > reports/b.xml; echo '<html/>' > reports/c.xml",
    );
    const { results } = await buildJson(root, ['shop']);
    expect(results[0]).toMatchObject({ built: true });
    expect(results[0].warnings).toContain(
      'the report reports/b.xml is no JUnit report that can be read: it does not count',
    );
    expect(results[0].warnings).toContain(
      'the report reports/c.xml is no JUnit report that can be read: it does not count',
    );
  });
});

describe.concurrent('the version', () => {
  it('counts on behind the last one, and is never given twice', async () => {
    const store = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-store-'));
    const manifest = `apps: {shop: shop}\nartifacts: {store: ${store}, trust: {unsigned: true}}\n`;
    const root = gitWorkspace(`${app}//- /strata.yaml\n${manifest}`);
    const clone = path.join(root, '.strata/clone');
    git(root, 'clone', '--quiet', root, clone);
    const built = async (folder: string, env: Record<string, string> = {}, ...args: string[]) => {
      const { results } = await buildJson(folder, ['shop', ...args], env);
      return results[0].version ?? results[0].failure.message;
    };
    const both = await Promise.all([built(root), built(clone)]);
    expect(both.sort()).toEqual(['0.1', '0.2']);
    expect(await built(root, { BUILD_NUMBER: '7' })).toBe('7');
    expect(await built(root)).toBe('7.1');
    expect(await built(clone, { GITHUB_RUN_NUMBER: '99' })).toBe('8');
    expect(await built(root, {}, '--version', '7')).toBe(
      'shop/master has a version 7 already, and a version never changes: take another one',
    );
    fs.rmSync(store, { recursive: true });
  });

  it('is not given to an artifact that would have to be signed, before anything is built', async () => {
    const manifest = 'apps: {shop: shop}\nartifacts: {store: store}\n';
    const root = gitWorkspace(
      `${app}//- /strata.yaml\n${manifest}//- /shop/scripts/build.sh\n#!/bin/sh\necho built\n`,
    );
    const { code, stdout } = await build(root, ['shop']);
    expect(code).toBe(1);
    expect(stdout).toContain('strata: shop: there is no key to sign shop/master with');
    expect(stdout).not.toContain('built');
  });
});

describe.concurrent('a build that is broken off', () => {
  const hanging = {
    build: "echo $$ > all.pid; trap 'echo told; exit 1' TERM; echo begun; while :; do sleep 0.1; done",
  };

  /** Starts a build and does something once a word is printed, then something else once another one is. */
  function interrupted(root: string, ...actions: [string, (pid: number) => void][]) {
    const child = spawn(process.execPath, [cliFile, 'build', 'shop'], { cwd: root, env: cleanEnvironment() });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const [word, action] = actions[0] ?? [];
      if (word === undefined || !stdout.includes(word)) return;
      actions.shift();
      action?.(child.pid!);
    });
    return new Promise<{ code: number | null; signal: string | null; stdout: string }>((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, stdout }));
    });
  }

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s leaves nothing', async (signal) => {
    const root = withScripts(hanging);
    const ended = await interrupted(root, ['begun', (pid) => process.kill(pid, signal)]);
    expect(ended).toMatchObject({ code: null, signal });
    expect(ended.stdout).toContain('told\n');
    expect(ended.stdout).toContain('strata: shop: build: scripts/build.sh was cancelled');
    expect(pids(root).map(isAlive)).toEqual([false]);
    expectNothing(root);
  });

  it('twice does not wait for scripts that do not listen', async () => {
    const root = withScripts({
      build: "trap '' TERM; echo $$ > all.pid; echo begun; while :; do sleep 0.1; done",
    });
    const stop = (pid: number) => process.kill(pid, 'SIGINT');
    const ended = await interrupted(root, ['begun', stop], ['stopping', stop]);
    expect(ended.code).toBe(130);
    expect(pids(root).map(isAlive)).toEqual([false]);
    expectNothing(root);
  });

  it('by a reader that goes away leaves nothing', async () => {
    const root = withScripts({
      build: 'echo $$ > all.pid; echo begun; while :; do echo more; sleep 0.1; done',
    });
    const script = '"$0" "$1" build shop | grep -m 1 begun';
    await run('bash', ['-c', script, process.execPath, cliFile], { cwd: root, env: cleanEnvironment() });
    expect(pids(root).map(isAlive)).toEqual([false]);
    expectNothing(root);
  });

  it('by being killed is put right by the next one', async () => {
    const root = withScripts({ ...hanging, test: 'true' });
    writeFile(root, 'shop/configuration.json', 'mine');
    const kill = (pid: number) => {
      process.kill(pid, 'SIGKILL');
      process.kill(pids(root)[0]!, 'SIGKILL');
    };
    await interrupted(root, ['begun', kill]);
    expect(fs.readFileSync(inShop(root, 'configuration.json'), 'utf8')).not.toBe('mine');
    expect(await build(root, ['shop', '--test-only'])).toMatchObject({ code: 0 });
    expect(fs.readFileSync(inShop(root, 'configuration.json'), 'utf8')).toBe('mine');
  });

  it('is the only one of its app at that time', async () => {
    const root = withScripts(hanging);
    let second: ReturnType<typeof buildJson> | undefined;
    const buildToo = (pid: number) => {
      second = buildJson(root, ['shop']);
      void second.then(() => process.kill(pid, 'SIGTERM'));
    };
    await interrupted(root, ['begun', buildToo]);
    const { results } = await second!;
    expect(results[0].failure.code).toBe('conflict');
    expect(results[0].failure.message).toMatch(/^shop is being built already, by process \d+: wait for it$/);
  });

  it('by a store that goes away leaves nothing', async () => {
    const root = withScripts({ build: 'touch ../.strata/artifacts' });
    const { code, results } = await buildJson(root, ['shop']);
    expect({ code, failure: results[0].failure }).toMatchObject({
      code: 1,
      failure: { code: 'unavailable' },
    });
    expect(results[0].steps.at(-1)).toMatchObject({ step: 'upload', outcome: 'failed' });
    expectNothing(root);
  });
});

describe.concurrent('strata build, called wrongly', () => {
  it.each([
    [['nobody'], 'there is no app nobody. There are: shop'],
    [['--all', 'shop'], '--all builds every app: leave the names out, or --all'],
    [['./nowhere'], 'there is no folder ./nowhere'],
    [['shop', '--env', 'qaa'], 'there is no environment qaa. Did you mean qa? There are: local, qa'],
  ])('%j', async (args, message) => {
    const root = gitWorkspace(app);
    expect(await build(root, args)).toEqual({ code: 2, stdout: '', stderr: `strata: ${message}\n` });
  });

  it.each([
    ['--timeout', '0'],
    ['--jobs', '0'],
    ['--test-only', '--skip-tests'],
  ])('%j %j', async (...args) => {
    const root = gitWorkspace(app);
    expect(await build(root, ['shop', ...args])).toMatchObject({ code: 2, stdout: '' });
  });
});
