// Deploying from the editor: real agents, and a real repository that the command filled.
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import * as vscode from 'vscode';
import type { StrataApi } from '../../client/extension.ts';
import type { OpenTail } from '../../client/logs/openTail.ts';
import { openDeployments } from '../../client/rollout/deployments.ts';
import { takeUpRollouts } from '../../client/rollout/takeUp.ts';
import { emptyStore, startBoxes, uploadVersion, type WorkspaceBox } from './boxes.ts';
import { begun, ended, latest, outcomes } from './rollouts.ts';
import { activeExtension, open, until, uriOf } from './workspace.ts';

const app = 'api';

describe('deployments', function () {
  this.timeout(60_000);
  let api: StrataApi;
  let boxes: [WorkspaceBox, WorkspaceBox, WorkspaceBox];
  let manifest: string;
  const asked: string[] = [];

  before(async () => {
    api = (await activeExtension()).exports as StrataApi;
    const file = uriOf('strata.yaml').fsPath;
    manifest = readFileSync(file, 'utf8');
    writeFileSync(file, manifest.replace('production:\n', 'production:\n    protected: true\n'));
    emptyStore();
    for (const version of ['1', '2', '3']) await uploadVersion(app, version, `Change ${version}`);
    boxes = (await startBoxes(api, ['qa', 'qa', 'production'])) as typeof boxes;
    // VS Code shows no dialogs to tests.
    api.rollouts.asking.confirm = async (text) => asked.push(text) > 0;
  });
  after(() => {
    writeFileSync(uriOf('strata.yaml').fsPath, manifest);
    for (const { agent } of boxes) agent.child.kill('SIGKILL');
  });
  beforeEach(() => {
    asked.length = 0;
  });
  afterEach(async () => {
    for (const box of boxes)
      for (const name of ['fails', 'breaks', 'waits', 'waitsLive', 'waiting']) box.mark(name, false);
    await vscode.workspace.getConfiguration('strata.deploy').update('maxFailures', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const deploy = (more: object) => vscode.commands.executeCommand('strata.deploy', { app, ...more });

  async function bothAt(version: string): Promise<void> {
    const rollout = await begun(api, () => deploy({ environment: 'qa', version }));
    assert.deepEqual(outcomes(await ended(api, rollout)), ['b1 done', 'b2 done']);
  }

  it('show a plan and deploy the newest version to all boxes of the environment', async () => {
    await open('apps/api/deploy/configuration/api-default.yaml');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    const rollout = await begun(api, () => deploy({ environment: 'qa' }));
    // Those that other tests have read may still be open.
    const plans = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'strata-plan');
    const plan = plans.find((one) => one.getText().includes('api 3'));
    assert.equal(plan?.languageId, 'markdown');
    assert.match(plan?.getText() ?? '', /## b1, b2 \(2 boxes\): api 3, nothing is live yet\n/);
    assert.match(plan?.getText() ?? '', /\+ "hello 3"/);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      plan?.uri,
    );
    assert.ok(
      links.some(({ target }) => target?.path.endsWith('/apps/api/deploy/configuration/api-default.yaml')),
    );
    assert.deepEqual(outcomes(await ended(api, rollout)), ['b1 done', 'b2 done']);
    assert.deepEqual([boxes[0].live(app), boxes[1].live(app), boxes[2].live(app)], ['3', '3', undefined]);
    assert.equal(asked.length, 1);
    assert.match(asked[0] ?? '', /Deploy api 3 to qa, on 2 boxes\?/);
    assert.ok(
      vscode.window.tabGroups.all.some(({ tabs }) =>
        tabs.some(({ label }) => label === 'Deploy api 3 to qa'),
      ),
    );
  });

  it('roll back to the release before', async () => {
    await bothAt('1');
    const back = await begun(api, () =>
      vscode.commands.executeCommand('strata.rollBack', { app, environment: 'qa' }),
    );
    assert.equal(back.action, 'rollback');
    assert.deepEqual(outcomes(await ended(api, back)), ['b1 done', 'b2 done']);
    assert.deepEqual([boxes[0].live(app), boxes[1].live(app)], ['3', '3']);
  });

  it('show the line of a hook that fails, retry the box, and give all boxes back what they had', async () => {
    boxes[1].mark('fails');
    const rollout = await ended(api, await begun(api, () => deploy({ environment: 'qa', version: '2' })));
    assert.deepEqual(outcomes(rollout), ['b1 done', 'b2 failed']);
    const { lines, failing } = api.rollouts.deployments.watched(rollout.id)?.stories.get('b2') ?? {};
    assert.equal(lines?.find(({ seq }) => seq === failing)?.text, 'no such table');
    boxes[1].mark('fails', false);
    const again = await begun(api, () => vscode.commands.executeCommand('strata.retryFailed', rollout.id));
    assert.equal(again.of, rollout.id);
    assert.deepEqual(outcomes(await ended(api, again)), ['b2 done']);
    const back = await begun(api, () =>
      vscode.commands.executeCommand('strata.revertDeployment', rollout.id),
    );
    assert.deepEqual(outcomes(await ended(api, back)), ['b1 done']);
    assert.deepEqual([boxes[0].live(app), boxes[1].live(app)], ['3', '2']);
  });

  it('take back what breaks once it is live', async () => {
    await ended(api, await begun(api, () => deploy({ environment: 'qa', version: '2' })));
    boxes[0].mark('breaks');
    const rollout = await ended(api, await begun(api, () => deploy({ environment: 'qa', version: '1' })));
    assert.deepEqual(outcomes(rollout), ['b1 rolled_back', 'b2 not_started']);
    assert.match(rollout.boxes[0]?.reason ?? '', /deployed/);
    assert.equal(boxes[0].live(app), '2');
  });

  it('are cancelled', async () => {
    boxes[0].mark('waits');
    const rollout = await begun(api, () => deploy({ environment: 'qa', version: '3' }));
    await until(async () => boxes[0].isMarked('waiting'), Boolean);
    await vscode.commands.executeCommand('strata.cancelDeployment', rollout.id);
    assert.deepEqual(outcomes(await ended(api, rollout)), ['b1 cancelled', 'b2 not_started']);
    assert.equal(boxes[0].live(app), '2');
  });

  it('go on when an agent is killed', async () => {
    boxes[0].mark('waitsLive');
    const rollout = await begun(api, () => deploy({ environment: 'qa', version: '3' }));
    await until(async () => boxes[0].isMarked('waiting'), Boolean);
    await boxes[0].kill();
    await until(
      async () => api.rollouts.deployments.watched(rollout.id)?.away.get('b1'),
      (why) => why !== undefined,
    );
    boxes[0].mark('waitsLive', false);
    await boxes[0].restart();
    assert.deepEqual(outcomes(await ended(api, rollout)), ['b1 done', 'b2 done']);
    const story = api.rollouts.deployments.watched(rollout.id)?.stories.get('b1');
    assert.deepEqual(
      story?.lines.map(({ seq }) => seq),
      story?.lines.map((_, at) => at + 1),
    );
    assert.equal(story?.states.at(-1), 'done');
  });

  it('show the logs of all boxes, those that wait as well, also when an agent is killed', async () => {
    boxes[0].mark('waitsLive');
    const rollout = await begun(api, () => deploy({ environment: 'qa', version: '1' }));
    await until(async () => boxes[0].isMarked('waiting'), Boolean);
    const tail = await vscode.commands.executeCommand<OpenTail>('strata.showDeploymentLogs', rollout.id);
    let text = '';
    tail.onDidWrite((more) => {
      text += stripVTControlCharacters(more);
    });
    await tail.setFilter(tail.filter());
    await boxes[0].kill();
    boxes[0].mark('waitsLive', false);
    await boxes[0].restart();
    await ended(api, rollout);
    await until(
      async () => text,
      (now) => now.match(/= end: done/g)?.length === 2,
    );
    assert.match(text, /b1 +prepare \| preparing[\s\S]*b2 +prepare \| preparing/);
    const ids = tail.deployments().map(({ id }) => id);
    const { boxes: told } = api.rollouts.deployments.watched(rollout.id)?.rollout ?? {};
    assert.deepEqual(ids.sort(), told?.map(({ deployment }) => deployment).sort());
    tail.terminal.dispose();
  });

  it('are taken up by a window that is opened again', async () => {
    boxes[0].mark('waits');
    const rollout = await begun(api, () => deploy({ environment: 'qa', version: '2' }));
    await until(async () => boxes[0].isMarked('waiting'), Boolean);
    // What happens when the window is closed.
    api.rollouts.deployments.leave(rollout.id);
    await until(
      async () => api.rollouts.deployments.isFollowed(rollout.id),
      (is) => !is,
    );
    const deployments = openDeployments(api.rollouts.folder);
    const taking = takeUpRollouts({ ...api.rollouts, deployments });
    try {
      await until(
        async () => deployments.watched(rollout.id)?.state,
        (state) => state === 'running',
      );
      boxes[0].mark('waits', false);
      const watched = await until(
        async () => deployments.watched(rollout.id),
        (one) => one?.state === 'idle',
      );
      assert.deepEqual(watched && outcomes(watched.rollout), ['b1 done', 'b2 done']);
    } finally {
      taking.dispose();
      deployments.dispose();
    }
    // What was told while nobody listened is asked for when it is looked at: all of it, and the end of what was heard before.
    await vscode.commands.executeCommand('strata.showDeployments', rollout.id);
    for (const box of ['b1', 'b2']) {
      const states = await until(
        async () => api.rollouts.deployments.watched(rollout.id)?.stories.get(box)?.states,
        (told) => told?.includes('done') === true,
      );
      assert.equal(states?.[0], 'accepted');
      assert.equal(new Set(states).size, states?.length, `told twice: ${states}`);
    }
  });

  it('leave boxes out that cannot be reached, as many as may fail', async () => {
    await boxes[1].kill();
    const known = latest(api)?.id;
    void deploy({ environment: 'qa', version: '3' });
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return vscode.workspace.textDocuments.map((one) => one.getText()).join('');
      },
      (text) => text.includes('## b2: no plan'),
    );
    assert.equal(latest(api)?.id, known, 'something was begun');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.getConfiguration('strata.deploy').update('maxFailures', 1);
    const rollout = await ended(api, await begun(api, () => deploy({ environment: 'qa', version: '3' })));
    assert.deepEqual(outcomes(rollout), ['b1 done', 'b2 unreachable']);
    await boxes[1].restart();
  });

  it('want the name of a protected environment', async () => {
    const names: string[] = [];
    const known = latest(api)?.id;
    const typed = api.rollouts.asking.typeName;
    api.rollouts.asking.typeName = async (_, name) => names.push(name) < 0;
    const done = deploy({ environment: 'production', version: '1' });
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return names;
      },
      ([name]) => name === 'production',
    );
    await done;
    assert.equal(latest(api)?.id, known, 'something was begun');
    api.rollouts.asking.typeName = async (_, name) => name === 'production';
    const rollout = await ended(
      api,
      await begun(api, () => deploy({ environment: 'production', version: '1' })),
    );
    assert.deepEqual(outcomes(rollout), ['b3 done']);
    api.rollouts.asking.typeName = typed;
  });

  it('are refused by a manifest with a mistake', async () => {
    const file = uriOf('strata.yaml').fsPath;
    const right = readFileSync(file, 'utf8');
    writeFileSync(file, `${right}apps: nonsense\n`);
    await until(
      async () => api.fleet.workspaces()[0]?.mistake ?? null,
      (mistake) => mistake !== null,
    );
    const known = latest(api)?.id;
    await deploy({ environment: 'qa', version: '1' });
    assert.equal(latest(api)?.id, known);
    writeFileSync(file, right);
    await until(
      async () => api.fleet.workspaces()[0]?.mistake,
      (mistake) => mistake === null,
    );
  });
});
