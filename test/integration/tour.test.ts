// Builds, rendered configurations and the local agent: with the real command, the real agent and a real repository.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { BuildNews } from '../../client/build/builds.ts';
import type { StrataApi } from '../../client/extension.ts';
import { activeExtension, onDiagnostics, open, until, uriOf } from './workspace.ts';

const never = new AbortController().signal;
const buildLimitMs = 90_000;

async function api(): Promise<StrataApi> {
  return (await activeExtension()).exports as StrataApi;
}

function pathOf(file: string): string {
  return uriOf(file).fsPath;
}

function git(...args: string[]): void {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@papershop.example'];
  execFileSync('git', ['-C', pathOf('.'), ...who, ...args], { stdio: 'pipe' });
}

function commit(): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', 'for a test');
}

/** What builds tell until one ends. */
async function newsUntilEnd(): Promise<BuildNews[]> {
  const { builds } = await api();
  return await new Promise((resolve) => {
    const told: BuildNews[] = [];
    const listening = builds.onNews((news) => {
      told.push(news);
      if (news.end === undefined) return;
      listening.dispose();
      resolve(told);
    });
  });
}

describe('builds', () => {
  before(() => {
    git('init', '--quiet', '--initial-branch=main');
    commit();
  });

  after(() => {
    for (const name of ['.git', '.strata', '.vscode', 'apps/api/scripts/build.sh'])
      rmSync(pathOf(name), { recursive: true, force: true });
  });

  it('are tasks, one for each app', async () => {
    const tasks = await until(
      async () => await vscode.tasks.fetchTasks({ type: 'strata' }),
      (found) => found.length > 0,
    );
    assert.deepEqual(tasks.map(({ name }) => name).sort(), [
      'build api',
      'build landing',
      'build storefront',
    ]);
    assert.deepEqual(
      tasks.map(({ group }) => group?.id),
      tasks.map(() => vscode.TaskGroup.Build.id),
    );
  });

  it('make an artifact', async function () {
    this.timeout(buildLimitMs);
    const told = newsUntilEnd();
    await vscode.commands.executeCommand('strata.build', { app: 'api' });
    const news = await told;
    const end = news.at(-1)?.end;
    assert.equal(end?.code, 0, JSON.stringify(end));
    assert.equal(end.result?.built, true);
    // The first one, unless tests before have uploaded others.
    assert.match(end.result.version ?? '', /^\d+\.1$/);
    const steps = news.flatMap(({ step }) => step ?? []);
    assert.deepEqual(steps, ['configure', 'prepare', 'test', 'package', 'upload', 'summary']);
    assert.ok(existsSync(pathOf('.strata/artifacts/api')), 'there is no artifact');
    assert.ok(!existsSync(pathOf('apps/api/configuration.json')), 'the configuration was left there');
  });

  it('tell their problems in the Problems view', async function () {
    this.timeout(buildLimitMs);
    const told = newsUntilEnd();
    await vscode.commands.executeCommand('strata.build', { app: 'landing' });
    const end = (await told).at(-1)?.end;
    assert.equal(end?.code, 1);
    assert.match(end.result?.failure?.message ?? '', /has a problem/);
    const problem = await onDiagnostics('a problem of the build', () =>
      vscode.languages
        .getDiagnostics(uriOf('apps/landing/deploy/configuration/public-data.yaml'))
        .find(({ source }) => source === 'strata build'),
    );
    assert.equal(problem.range.start.line, 8);
    assert.match(problem.message, /landing\.analytics\.site_key/);
  });

  it('stop when they are cancelled, and leave nothing half-done', async function () {
    this.timeout(buildLimitMs);
    const script = pathOf('apps/api/scripts/build.sh');
    writeFileSync(script, '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    commit();
    const { builds } = await api();
    const stopping = builds.onNews(({ key, step }) => {
      if (step === 'build') builds.stop(key);
    });
    const told = newsUntilEnd();
    await vscode.commands.executeCommand('strata.build', { app: 'api' });
    stopping.dispose();
    const end = (await told).at(-1)?.end;
    rmSync(script);
    commit();
    assert.equal(end?.code, 130, JSON.stringify(end));
    assert.equal(end.result?.failure?.code, 'cancelled');
    assert.ok(!existsSync(pathOf('apps/api/configuration.json')), 'the configuration was left there');
    assert.ok(!existsSync(pathOf('.strata/artifacts/api/master/versions/0.2')), 'something was uploaded');
  });

  it('run as tasks.json says, and end with their terminal', async function () {
    this.timeout(buildLimitMs);
    writeFileSync(pathOf('apps/api/scripts/build.sh'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    const own = { label: 'mine', type: 'strata', app: 'api', allowDirty: true };
    const { Workspace } = vscode.ConfigurationTarget;
    await vscode.workspace.getConfiguration('tasks').update('tasks', [own], Workspace);
    const tasks = await until(
      async () => await vscode.tasks.fetchTasks({ type: 'strata' }),
      (found) => found.some(({ definition }) => definition.allowDirty === true),
    );
    const task = tasks.find(({ definition }) => definition.allowDirty === true);
    assert.ok(task);
    const { builds } = await api();
    const told = newsUntilEnd();
    let execution: vscode.TaskExecution | undefined;
    const ending = builds.onNews(({ step }) => {
      if (step === 'build') execution?.terminate();
    });
    execution = await vscode.tasks.executeTask(task);
    const end = (await told).at(-1)?.end;
    ending.dispose();
    assert.equal(end?.code, 130, JSON.stringify(end));
    assert.equal(end.result?.failure?.code, 'cancelled');
  });

  it('write the configuration of the active context, or say what is wrong with it', async () => {
    const { context } = await api();
    const { contexts } = context.current();
    const qa = contexts.find(({ app, label }) => app === 'api' && label === 'production/eu');
    assert.ok(qa);
    await context.choose(qa);
    await vscode.commands.executeCommand('strata.renderConfiguration');
    const file = 'apps/api/configuration.json';
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, pathOf(file));
    const { yoconfigurator } = JSON.parse(readFileSync(pathOf(file), 'utf8'));
    assert.deepEqual(yoconfigurator, { app: 'api' });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(pathOf(file));
    const landing = contexts.find(({ app, label }) => app === 'landing' && label === 'production/eu');
    assert.ok(landing);
    await context.choose(landing);
    await vscode.commands.executeCommand('strata.renderConfiguration');
    assert.ok(!existsSync(pathOf('apps/landing/configuration.json')));
    await context.choose(qa);
  });
});

describe('the local agent', () => {
  before(() => {
    git('init', '--quiet', '--initial-branch=main');
    commit();
  });

  after(async () => {
    await vscode.commands.executeCommand('strata.stopLocalAgent');
    for (const name of ['.git', '.strata']) rmSync(pathOf(name), { recursive: true, force: true });
  });

  async function localBox() {
    const { fleet } = await api();
    const box = (await fleet.load()).find(({ name }) => name === 'local');
    assert.ok(box, 'there is no box');
    return { box, agent: await fleet.agent(box) };
  }

  it('runs as a box of the environment local, without a word in the manifest', async () => {
    await open('configs/common.yaml');
    const before = readFileSync(pathOf('strata.yaml'), 'utf8');
    await vscode.commands.executeCommand('strata.startLocalAgent');
    const { box, agent } = await localBox();
    assert.equal(box.environment, 'local');
    assert.match(box.url, /^unix:\//);
    assert.deepEqual(await agent.apps(never), []);
    assert.equal(readFileSync(pathOf('strata.yaml'), 'utf8'), before);
  });

  it('takes what was built, and keeps it from one start to the next', async function () {
    this.timeout(buildLimitMs);
    const told = newsUntilEnd();
    await vscode.commands.executeCommand('strata.build', { app: 'api' });
    assert.equal((await told).at(-1)?.end?.code, 0);
    const { agent } = await localBox();
    const { id } = await agent.deploy({ app: 'api' }, 'a-key-of-this-test', never);
    const results: string[] = [];
    for await (const event of agent.events(id, 0, { follow: true, signal: never })) {
      if (event.type === 'end') results.push(event.result);
    }
    assert.deepEqual(results, ['done']);
    await vscode.commands.executeCommand('strata.stopLocalAgent');
    const { fleet } = await api();
    assert.deepEqual(
      (await fleet.load()).filter(({ name }) => name === 'local'),
      [],
    );
    await vscode.commands.executeCommand('strata.startLocalAgent');
    const again = await (await localBox()).agent.apps(never);
    assert.deepEqual(
      again.map(({ app, live }) => [app, live]),
      [['api', '0.1']],
    );
  });

  it('is started again when it was killed', async () => {
    const agents = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'agent.js run'], {
      encoding: 'utf8',
    });
    process.kill(Number(agents.trim()), 'SIGKILL');
    const { fleet } = await api();
    await until(
      async () => fleet.boxes().some(({ name }) => name === 'local'),
      (isThere) => !isThere,
    );
    await until(
      async () => fleet.boxes().some(({ name }) => name === 'local'),
      (isThere) => isThere,
    );
    const { agent } = await localBox();
    assert.equal((await agent.apps(never)).length, 1);
  });
});
