// Builds, rendered configurations and the local agent: with the real command, the real agent and a real repository.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { BuildNews } from '../../client/build/builds.ts';
import type { StrataApi } from '../../client/extension.ts';
import type { FleetBox } from '../../client/fleet/fleet.ts';
import { activeExtension, childProcesses, onDiagnostics, open, until, uriOf } from './workspace.ts';

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

  /** What the Problems view has at a line of a file, counted from 0. */
  function shownAt(file: string, line: number): vscode.Diagnostic[] {
    return vscode.languages.getDiagnostics(uriOf(file)).filter(({ range }) => range.start.line === line);
  }

  const publicData = 'apps/landing/deploy/configuration/public-data.yaml';

  it('show a problem once that the language server shows already', async function () {
    this.timeout(buildLimitMs);
    await onDiagnostics('the problem as typed', () => shownAt(publicData, 8)[0]);
    const told = newsUntilEnd();
    await vscode.commands.executeCommand('strata.build', { app: 'landing' });
    const end = (await told).at(-1)?.end;
    assert.equal(end?.code, 1);
    assert.match(end.result?.failure?.message ?? '', /has a problem/);
    const shown = shownAt(publicData, 8).map(({ source, message }) => `${source}: ${message}`);
    assert.equal(shown.length, 1, shown.join('\n'));
    assert.match(shown[0] ?? '', /^strata: .*site_key/);
  });

  it('tell problems of what is on the disk, which nobody sees in the editor', async function () {
    this.timeout(buildLimitMs);
    const { Workspace } = vscode.ConfigurationTarget;
    await vscode.workspace.getConfiguration('task').update('saveBeforeRun', 'never', Workspace);
    const document = await open(publicData);
    const edit = new vscode.WorkspaceEdit();
    edit.delete(document.uri, document.lineAt(8).rangeIncludingLineBreak);
    await vscode.workspace.applyEdit(edit);
    await onDiagnostics('no problem as typed', () => shownAt(publicData, 8).length === 0 || undefined);
    const told = newsUntilEnd();
    await vscode.commands.executeCommand('strata.build', { app: 'landing' });
    assert.equal((await told).at(-1)?.end?.code, 1);
    const problem = await onDiagnostics('a problem of the build', () =>
      shownAt(publicData, 8).find(({ source }) => source === 'strata build'),
    );
    assert.match(problem.message, /landing\.analytics\.site_key/);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
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

  /** Ends the agent as nothing but the system can; says whether there was one, or none is being started any more. */
  async function killAgent(): Promise<boolean> {
    const { localAgent } = await api();
    const [running] = await until(
      async () => childProcesses('agent.js run'),
      (pids) => pids.length === 1 || localAgent.running() === undefined,
    );
    if (running === undefined) return false;
    process.kill(running, 'SIGKILL');
    await until(
      async () => childProcesses('agent.js run'),
      (pids) => !pids.includes(running),
    );
    return true;
  }

  it('is started again when it was killed, and its box stays', async function () {
    this.timeout(buildLimitMs);
    assert.ok(await killAgent());
    const apps = await until(
      async () => (await localBox()).agent.apps(never).catch(() => undefined),
      (answer) => answer !== undefined,
    );
    assert.equal(apps?.length, 1);
  });

  it('that keeps being killed is told in the Fleet, and comes back when it is started', async function () {
    this.timeout(buildLimitMs);
    const { fleet, fleetView } = await api();
    const looking = fleet.follow();
    const item = (box: FleetBox) => fleetView.tree.getTreeItem({ type: 'box', box });
    while (await killAgent());
    const { box } = await localBox();
    await until(
      async () => item(box).contextValue,
      (value) => value === 'box.local.unreachable',
    );
    assert.match(String(item(box).description), /nothing listens there|broken off/);
    await vscode.commands.executeCommand('strata.startLocalAgent', { type: 'box', box });
    await until(
      async () => item((await localBox()).box).contextValue,
      (value) => value === 'box.local',
    );
    looking.dispose();
  });

  it('is no box of a manifest: what only those can, says so', async () => {
    const { box } = await localBox();
    const before = readFileSync(pathOf('strata.yaml'), 'utf8');
    for (const name of ['removeBox', 'setToken', 'forgetCertificate', 'acceptCertificate'])
      await vscode.commands.executeCommand(`strata.${name}`, { type: 'box', box });
    assert.equal(readFileSync(pathOf('strata.yaml'), 'utf8'), before);
    assert.ok((await localBox()).box);
  });

  it('takes its box along when it is stopped', async () => {
    await vscode.commands.executeCommand('strata.stopLocalAgent');
    const { fleet } = await api();
    assert.ok(!fleet.boxes().some(({ name }) => name === 'local'));
    assert.deepEqual(childProcesses('agent.js run'), []);
  });
});
