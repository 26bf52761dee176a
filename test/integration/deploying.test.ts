// Deploying where something is in the way: people who give up, boxes that refuse, and what is offered at the end.
import { strict as assert } from 'node:assert';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { StrataApi } from '../../client/extension.ts';
import { type Agent, newAgent } from './agents.ts';
import { emptyStore, startBoxes, uploadVersion, type WorkspaceBox } from './boxes.ts';
import { begun, ended, latest, outcomes } from './rollouts.ts';
import { type Shown, watchShown } from './shown.ts';
import { activeExtension, open, until, uriOf } from './workspace.ts';

const app = 'api';

describe('deploying', function () {
  this.timeout(60_000);
  let api: StrataApi;
  let boxes: WorkspaceBox[];
  let manifest: string;
  let shown: Shown;
  let answer = true;
  const asked: string[] = [];
  const file = uriOf('strata.yaml').fsPath;

  before(async () => {
    api = (await activeExtension()).exports as StrataApi;
    manifest = readFileSync(file, 'utf8');
    writeFileSync(file, manifest.replace('production:\n', 'production:\n    protected: true\n'));
    emptyStore();
    for (const version of ['1', '2']) await uploadVersion(app, version, `Change ${version}`);
    boxes = await startBoxes(api, ['qa', 'qa', 'production']);
    api.rollouts.asking.confirm = async (text) => asked.push(text) > 0 && answer;
  });
  after(() => {
    writeFileSync(file, manifest);
    for (const { agent } of boxes) agent.child.kill('SIGKILL');
  });
  beforeEach(() => {
    shown = watchShown();
    [asked.length, answer] = [0, true];
  });
  afterEach(async () => {
    shown.restore();
    for (const box of boxes) for (const name of ['fails', 'waits', 'waiting']) box.mark(name, false);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  const deploy = (more: object = {}) => vscode.commands.executeCommand('strata.deploy', { app, ...more });

  const nothing = async () => undefined;

  it('is given up at every question, and nothing is begun', async () => {
    const known = latest(api)?.id;
    await open('apps/api/deploy/configuration/api-default.yaml');
    for (const last of [1, 2, 3, 4, undefined]) {
      const done = vscode.commands.executeCommand('strata.deploy');
      for (const step of [1, 2, 3, 4, undefined]) {
        if (step !== last) await shown.accept(step);
        else {
          (await shown.question(step)).hide();
          break;
        }
      }
      await done;
    }
    assert.equal(latest(api)?.id, known);
    assert.deepEqual(asked, []);
    assert.deepEqual([boxes[0]?.live(app), shown.messages], [undefined, []]);
  });

  it('is given up at its options, and at the confirmation, which names the environment', async () => {
    const known = latest(api)?.id;
    answer = false;
    const done = deploy({ environment: 'production', version: '1' });
    await shown.accept(undefined);
    await shown.accept(undefined);
    await done;
    assert.deepEqual(asked, ['Deploy api 1 to production, on 1 box?']);
    const names: string[] = [];
    const typed = api.rollouts.asking.typeName;
    api.rollouts.asking.typeName = async (text, name) => [text, name].every((one) => names.push(one) < 0);
    answer = true;
    const again = deploy({ environment: 'production', version: '1' });
    await shown.accept(undefined);
    await shown.accept(undefined);
    await again;
    api.rollouts.asking.typeName = typed;
    assert.deepEqual(names, ['Deploy api 1 to production, on 1 box?']);
    assert.equal(latest(api)?.id, known);
    assert.equal(boxes[2]?.live(app), undefined);
  });

  it('offers at the end what may be next, and does it', async () => {
    boxes[1]?.mark('fails');
    const failed = await begun(api, () => deploy({ environment: 'qa', version: '1' }));
    shown.press('Retry Failed');
    assert.deepEqual(outcomes(await ended(api, failed)), ['b1 done', 'b2 failed']);
    const told = await shown.message(/1 of 2 boxes done, 1 failed/);
    assert.deepEqual(told.buttons, ['Show Deployment', 'Retry Failed']);
    boxes[1]?.mark('fails', false);
    const retried = await begun(api, nothing);
    assert.equal(retried.of, failed.id);
    assert.deepEqual(outcomes(await ended(api, retried)), ['b2 done']);

    const good = await begun(api, () => deploy({ environment: 'qa', version: '2' }));
    shown.press('Roll Back');
    assert.deepEqual(outcomes(await ended(api, good)), ['b1 done', 'b2 done']);
    const done = await shown.message(/2 to qa: 2 of 2 boxes done/);
    assert.deepEqual(done.buttons, ['Show Deployment', 'Roll Back']);
    const back = await begun(api, nothing);
    assert.deepEqual([back.action, back.of], ['rollback', good.id]);
    assert.deepEqual(outcomes(await ended(api, back)), ['b1 done', 'b2 done']);
    assert.deepEqual([boxes[0]?.live(app), boxes[1]?.live(app)], ['1', '1']);
  });

  it('takes the channel that it is told', async () => {
    await uploadVersion(app, '7', 'Try it', 'try');
    const rollout = await ended(
      api,
      await begun(api, () => deploy({ environment: 'qa', channel: 'try', box: 'b1' })),
    );
    assert.deepEqual(
      rollout.boxes.map(({ version, request }) => [version, request.channel]),
      [['7', 'try']],
    );
    assert.equal(boxes[0]?.live(app), '7');
  });

  describe('to a box that nobody can vouch for', () => {
    let agent: Agent;

    before(async () => {
      agent = await newAgent(join((await activeExtension()).extensionPath, 'dist'), 'integration');
      agent.upload(app, '1');
      await addBox('tls', agent.url);
      await api.fleet.secrets.setFingerprint(box('tls'), agent.fingerprint());
    });
    after(async () => await agent?.remove());

    /** Deploys to the box, of which a plan tells what is in the way, and says what is said. */
    async function refused(pattern: RegExp): Promise<string> {
      const known = latest(api)?.id;
      const done = deploy({ environment: 'integration', version: '1' });
      await shown.accept(undefined);
      const { text } = await shown.message(pattern);
      await done;
      assert.equal(latest(api)?.id, known, 'something was begun');
      assert.deepEqual(asked, []);
      assert.doesNotMatch(shown.messages.map((one) => one.text).join(), /\n? +at |Error:|undefined/);
      const plans = vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === 'strata-plan');
      assert.ok(plans.some((plan) => plan.getText().includes('## tls: no plan')));
      return text;
    }

    it('is refused without a token, and with a wrong one', async () => {
      const text = await refused(/nothing was begun/);
      assert.match(text, /tls: it wants a token: run “Strata: Set Token…”/);
      await api.fleet.secrets.setToken(box('tls'), 'wrong');
      shown.messages.length = 0;
      assert.match(await refused(/nothing was begun/), /tls: .*does not take the token/);
    });

    it('is refused when it shows another certificate than was accepted', async () => {
      await api.fleet.secrets.setToken(box('tls'), agent.token('ann'));
      await agent.stop();
      agent.renewCertificate();
      await agent.start();
      const text = await refused(/nothing was begun/);
      assert.match(text, /tls: .*somebody may be in between/);
      assert.ok(text.includes(agent.fingerprint()), text);
      await api.fleet.secrets.setFingerprint(box('tls'), agent.fingerprint());
      const rollout = await begun(api, () => deploy({ environment: 'integration', version: '1' }));
      assert.deepEqual(outcomes(await ended(api, rollout)), ['tls done']);
    });

    it('says why it cannot be reached', async () => {
      await agent.stop();
      assert.match(await refused(/nothing was begun/), /Out of reach: tls: nothing listens there/);
      await agent.start();
    });
  });

  const box = (name: string) => {
    const found = api.fleet.boxes().find((one) => one.name === name);
    assert.ok(found);
    return found;
  };

  async function addBox(name: string, url: string): Promise<void> {
    appendFileSync(file, `  ${name}: {url: "${url}", environment: integration}\n`);
    await until(
      async () => (await api.fleet.load()).map((one) => one.name),
      (names) => names.includes(name),
    );
  }
});
