// Deploying from the editor: real agents, and a real repository that the command filled.
import { strict as assert } from 'node:assert';
import { readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { StrataApi } from '../../client/extension.ts';
import { openDeployments } from '../../client/rollout/deployments.ts';
import { takeUpRollouts } from '../../client/rollout/takeUp.ts';
import type { Rollout } from '../../remote/rollout/record.ts';
import { startBoxes, uploadVersion, type WorkspaceBox } from './boxes.ts';
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

  const latest = () => api.rollouts.deployments.list()[0];
  const outcomes = ({ boxes: all }: Rollout) => all.map(({ box, outcome }) => `${box} ${outcome}`);

  /** Answers each question with its first entry until a rollout newer than the last one is there. */
  async function begun(run: () => Thenable<unknown>): Promise<Rollout> {
    const before = latest()?.id;
    const done = run();
    const rollout = await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return latest();
      },
      (one) => one !== undefined && one.id !== before,
    );
    void done;
    assert.ok(rollout);
    return rollout;
  }

  async function ended({ id }: Rollout): Promise<Rollout> {
    const { deployments } = api.rollouts;
    const watched = await until(
      async () => deployments.watched(id),
      (one) => one?.state === 'idle' && one.rollout.boxes.every(({ outcome }) => outcome !== null),
    );
    assert.ok(watched);
    return watched.rollout;
  }

  const deploy = (more: object) => vscode.commands.executeCommand('strata.deploy', { app, ...more });

  async function bothAt(version: string): Promise<void> {
    const rollout = await begun(() => deploy({ environment: 'qa', version }));
    assert.deepEqual(outcomes(await ended(rollout)), ['b1 done', 'b2 done']);
  }

  it('show a plan and deploy the newest version to all boxes of the environment', async () => {
    await open('apps/api/deploy/configuration/api-default.yaml');
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    const rollout = await begun(() => deploy({ environment: 'qa' }));
    const plan = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'strata-plan');
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
    assert.deepEqual(outcomes(await ended(rollout)), ['b1 done', 'b2 done']);
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
    const back = await begun(() =>
      vscode.commands.executeCommand('strata.rollBack', { app, environment: 'qa' }),
    );
    assert.equal(back.action, 'rollback');
    assert.deepEqual(outcomes(await ended(back)), ['b1 done', 'b2 done']);
    assert.deepEqual([boxes[0].live(app), boxes[1].live(app)], ['3', '3']);
  });

  it('show the line of a hook that fails, retry the box, and give all boxes back what they had', async () => {
    boxes[1].mark('fails');
    const rollout = await ended(await begun(() => deploy({ environment: 'qa', version: '2' })));
    assert.deepEqual(outcomes(rollout), ['b1 done', 'b2 failed']);
    const { lines, failing } = api.rollouts.deployments.watched(rollout.id)?.stories.get('b2') ?? {};
    assert.equal(lines?.find(({ seq }) => seq === failing)?.text, 'no such table');
    boxes[1].mark('fails', false);
    const again = await begun(() => vscode.commands.executeCommand('strata.retryFailed', rollout.id));
    assert.equal(again.of, rollout.id);
    assert.deepEqual(outcomes(await ended(again)), ['b2 done']);
    const back = await begun(() => vscode.commands.executeCommand('strata.revertDeployment', rollout.id));
    assert.deepEqual(outcomes(await ended(back)), ['b1 done']);
    assert.deepEqual([boxes[0].live(app), boxes[1].live(app)], ['3', '2']);
  });

  it('take back what breaks once it is live', async () => {
    await ended(await begun(() => deploy({ environment: 'qa', version: '2' })));
    boxes[0].mark('breaks');
    const rollout = await ended(await begun(() => deploy({ environment: 'qa', version: '1' })));
    assert.deepEqual(outcomes(rollout), ['b1 rolled_back', 'b2 not_started']);
    assert.match(rollout.boxes[0]?.reason ?? '', /deployed/);
    assert.equal(boxes[0].live(app), '2');
  });

  it('are cancelled', async () => {
    boxes[0].mark('waits');
    const rollout = await begun(() => deploy({ environment: 'qa', version: '3' }));
    await until(async () => boxes[0].isMarked('waiting'), Boolean);
    await vscode.commands.executeCommand('strata.cancelDeployment', rollout.id);
    assert.deepEqual(outcomes(await ended(rollout)), ['b1 cancelled', 'b2 not_started']);
    assert.equal(boxes[0].live(app), '2');
  });

  it('go on when an agent is killed', async () => {
    boxes[0].mark('waitsLive');
    const rollout = await begun(() => deploy({ environment: 'qa', version: '3' }));
    await until(async () => boxes[0].isMarked('waiting'), Boolean);
    await boxes[0].kill();
    await until(
      async () => api.rollouts.deployments.watched(rollout.id)?.away.get('b1'),
      (why) => why !== undefined,
    );
    boxes[0].mark('waitsLive', false);
    await boxes[0].restart();
    assert.deepEqual(outcomes(await ended(rollout)), ['b1 done', 'b2 done']);
  });

  it('are taken up by a window that is opened again', async () => {
    boxes[0].mark('waits');
    const rollout = await begun(() => deploy({ environment: 'qa', version: '2' }));
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
    // The beginning was told while nobody listened: it is asked for when it is looked at.
    await vscode.commands.executeCommand('strata.showDeployments', rollout.id);
    const story = await until(
      async () => api.rollouts.deployments.watched(rollout.id)?.stories.get('b2'),
      (one) => one?.states.includes('done') === true,
    );
    assert.equal(story?.states[0], 'accepted');
  });

  it('leave boxes out that cannot be reached, as many as may fail', async () => {
    await boxes[1].kill();
    const known = latest()?.id;
    void deploy({ environment: 'qa', version: '3' });
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return vscode.workspace.textDocuments.map((one) => one.getText()).join('');
      },
      (text) => text.includes('## b2: no plan'),
    );
    assert.equal(latest()?.id, known, 'something was begun');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.getConfiguration('strata.deploy').update('maxFailures', 1);
    const rollout = await ended(await begun(() => deploy({ environment: 'qa', version: '3' })));
    assert.deepEqual(outcomes(rollout), ['b1 done', 'b2 unreachable']);
    await boxes[1].restart();
  });

  it('want the name of a protected environment', async () => {
    const names: string[] = [];
    const known = latest()?.id;
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
    assert.equal(latest()?.id, known, 'something was begun');
    api.rollouts.asking.typeName = async (_, name) => name === 'production';
    const rollout = await ended(await begun(() => deploy({ environment: 'production', version: '1' })));
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
    const known = latest()?.id;
    await deploy({ environment: 'qa', version: '1' });
    assert.equal(latest()?.id, known);
    writeFileSync(file, right);
    await until(
      async () => api.fleet.workspaces()[0]?.mistake,
      (mistake) => mistake === null,
    );
  });
});
