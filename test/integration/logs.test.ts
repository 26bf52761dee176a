// Logs and history of deployments, of real agents behind the boxes of a real manifest.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import * as vscode from 'vscode';
import type { StrataApi } from '../../client/extension.ts';
import type { OpenTail } from '../../client/logs/openTail.ts';
import { openAgent } from '../../remote/openAgent.ts';
import { type AgentBox, newAgentBox } from '../agent/support/agentBox.ts';
import { type RunningAgent, runAgent } from '../agent/support/agentCommand.ts';
import { uploadApp } from '../agent/support/box.ts';
import { newRelay, type Relay } from '../remote/support/relay.ts';
import { activeExtension, hideFleet, until, uriOf } from './workspace.ts';

const app = 'storefront';
const lines = 5000;
const hook = [
  `seq -f 'line %.0f' 1 ${lines / 2}`,
  'while ! [ -e "$STRATA_ROOT/go" ]; do sleep 0.05; done',
  `seq -f 'line %.0f' ${lines / 2 + 1} ${lines}`,
  "printf 'a \\033[31mred\\033[0m word\\033[2J\\n' >&2",
].join('\n');
const numbers = Array.from({ length: lines }, (_, at) => at + 1);

describe('logs of deployments', function () {
  this.timeout(60_000);
  const boxes: AgentBox[] = [];
  const agents: RunningAgent[] = [];
  const ids: string[] = [];
  let relay: Relay;
  let manifest: string | undefined;
  let manifestText: string;
  let api: StrataApi;
  const { signal } = new AbortController();

  before(async () => {
    api = (await activeExtension()).exports as StrataApi;
    // Its connections would be counted.
    await hideFleet(api.fleetView);
    for (const name of ['us1', 'eu1']) {
      const box = newAgentBox();
      boxes.push(box);
      await uploadApp(box, '1', { 'deploy/hooks/prepare': 'echo first\n' }, { app });
      await uploadApp(box, '2', { 'deploy/hooks/prepare': hook }, { app });
      agents.push(await runAgent(box.folder));
      const agent = openAgent({ name, url: `unix:${box.socket}` }, {});
      const { id } = await agent.deploy({ app, version: '1' }, randomUUID(), signal);
      for await (const _ of agent.events(id, 0, { follow: true, signal }));
      ids.push((await agent.deploy({ app, version: '2' }, randomUUID(), signal)).id);
    }
    relay = await newRelay({ path: boxes[0]?.socket ?? '' });
    const [, port] = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(agents[0]?.stdout() ?? '') ?? [];
    const entries = {
      us1: { url: relay.url, environment: 'qa' },
      eu1: { url: `unix:${boxes[1]?.socket}`, environment: 'qa' },
      away: { url: 'http://127.0.0.1:1', environment: 'integration' },
      stranger: { url: `http://127.0.0.1:${port}`, environment: 'integration' },
    };
    manifest = uriOf('strata.yaml').fsPath;
    manifestText = readFileSync(manifest, 'utf8');
    appendFileSync(manifest, `boxes: ${JSON.stringify(entries)}\n`);
    await until(
      async () => (await api.fleet.load()).map(({ name }) => name),
      (names) => names.includes('stranger'),
    );
  });

  afterEach(() => {
    for (const tail of api.tails.all()) tail.terminal.dispose();
  });

  after(async () => {
    if (manifest !== undefined) writeFileSync(manifest, manifestText);
    for (const { child } of agents) child.kill('SIGTERM');
    await Promise.all(agents.map(({ ended }) => ended));
  });

  const root = () => api.fleet.boxes()[0]?.workspace.root ?? '';
  const tailOf = async (names: string[], which: OpenTail['question']['which'] = 'last') =>
    watched(await api.tails.open({ boxes: names.map((name) => ({ root: root(), name })), app, which }));

  it('come once and in order, through cuts and an agent that is killed', async () => {
    relay.cutAfter(() => (relay.cuts() < 5 ? 20_000 : Number.POSITIVE_INFINITY));
    const { tail, text, shown } = await tailOf(['us1', 'eu1']);
    for (const box of ['us1', 'eu1']) {
      await until(
        async () => shown(box).length,
        (count) => count >= lines / 2,
      );
    }
    agents[1]?.child.kill('SIGKILL');
    await agents[1]?.ended;
    await until(
      async () => text(),
      (now) => now.includes('strata: eu1 is away'),
    );
    agents[1] = await runAgent(boxes[1]?.folder ?? '');
    await until(
      async () => text(),
      (now) => now.includes('strata: eu1 is back'),
    );
    for (const { folder } of boxes) writeFileSync(join(folder, 'go'), '');
    await until(
      async () => text().match(/= end: /g)?.length,
      (count) => count === 2,
    );
    for (const box of ['us1', 'eu1']) assert.deepEqual(shown(box), numbers);
    assert.ok(relay.cuts() >= 5);
    assert.match(text(), /us1 {2}prepare ! a red word/);
    await vscode.commands.executeCommand('strata.logs.filter', {
      ...{ stages: null, streams: ['stderr'], areStatesShown: false },
    });
    assert.deepEqual(shown('us1'), []);
    assert.match(text(), /us1 {2}prepare ! a red word/);
    assert.deepEqual(tail.filter().streams, ['stderr']);
  });

  it('are saved whole, as text and as lines of JSON', async () => {
    const target = { box: 'us1', app, deployment: ids[0] };
    const file = uriOf('saved.strata-log');
    const json = uriOf('saved.ndjson');
    try {
      assert.ok(await vscode.commands.executeCommand('strata.logs.save', target, file));
      const text = readFileSync(file.fsPath, 'utf8');
      assert.deepEqual(numbersOf(text), numbers);
      const document = await vscode.workspace.openTextDocument(file);
      assert.equal(document.languageId, 'strata-deploy-log');
      assert.ok(await vscode.commands.executeCommand('strata.logs.save', target, json));
      const events = readFileSync(json.fsPath, 'utf8').trim().split('\n');
      assert.deepEqual(
        events.map((one) => JSON.parse(one).event.seq),
        events.map((_, at) => at + 1),
      );
      const missing = { ...target, deployment: 'd9' };
      const nothing = uriOf('nothing.strata-log');
      assert.equal(await vscode.commands.executeCommand('strata.logs.save', missing, nothing), undefined);
      assert.ok(!existsSync(nothing.fsPath));
    } finally {
      for (const { fsPath } of [file, json]) rmSync(fsPath, { force: true });
    }
  });

  it('are opened by a command that asks for nothing when all is told', async () => {
    const target = { box: 'eu1', deployment: ids[1] };
    const tail = await vscode.commands.executeCommand<OpenTail>('strata.tailLogs', target);
    const { text, shown } = watched(tail);
    await until(
      async () => text(),
      (now) => now.includes('nothing more comes'),
    );
    assert.deepEqual(shown(''), numbers);
    assert.equal(vscode.window.activeTerminal, tail.terminal);
    assert.match(tail.terminal.name, /on eu1/);
  });

  it('name boxes that are away or want a token', async () => {
    const { text } = await tailOf(['us1', 'away', 'stranger']);
    await until(
      async () => text(),
      (now) => now.includes('= end: '),
    );
    await until(
      async () => text(),
      (now) => now.includes('away is away, and is tried again: nothing listens'),
    );
    await until(
      async () => text(),
      (now) => /stranger: it wants a token: .*Set Token/.test(now),
    );
  });

  it('are asked for no more when the terminal is closed', async () => {
    const { tail } = await tailOf(['us1'], 'new');
    await until(
      async () => relay.open(),
      (open) => open === 0,
    );
    tail.terminal.dispose();
    await until(
      async () => api.tails.all().length,
      (count) => count === 0,
    );
    assert.equal(api.tails.current(), undefined);
  });

  it('are opened from the history, newest first', async () => {
    const history = vscode.commands.executeCommand('strata.showHistory', { box: 'eu1', app });
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return api.tails.all().map(({ question }) => question.which);
      },
      (found) => found.length > 0,
    );
    await history;
    assert.deepEqual(api.tails.all()[0]?.question.which, { deployment: ids[1] });
  });

  it('a history that is given up asks nobody any more', async () => {
    relay.swallow(true);
    const history = vscode.commands.executeCommand('strata.showHistory', { environment: 'qa', app });
    let isOver = false;
    void history.then(() => {
      isOver = true;
    });
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
        return isOver;
      },
      (over) => over,
    );
    relay.swallow(false);
    assert.equal(api.tails.all().length, 0);
  });
});

/** What a tail's terminal shows, from now on and what it had. */
function watched(tail: OpenTail) {
  let shown = '';
  tail.onDidWrite((text) => {
    const at = text.lastIndexOf('\u001b[2J');
    shown = at < 0 ? shown + text : text.slice(at);
  });
  void tail.setFilter(tail.filter());
  const text = () => stripVTControlCharacters(shown);
  const shownOf = (box: string) =>
    numbersOf(
      text()
        .split('\r\n')
        .filter((line) => line.includes(box === '' ? '' : `  ${box}  `))
        .join('\n'),
    );
  return { tail, text, shown: shownOf };
}

function numbersOf(text: string): number[] {
  return [...text.matchAll(/prepare \| line (\d+)$/gm)].map(([, number]) => Number(number));
}
