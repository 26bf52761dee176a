// The boxes of a workspace in VS Code: with real agents behind them.
import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { StrataApi } from '../../client/extension.ts';
import type { FleetBox } from '../../client/fleet/fleet.ts';
import type { FleetNode } from '../../client/tree/fleet/node.ts';
import { type Agent, newAgent } from './agents.ts';
import { activeExtension, childProcesses, hideFleet, uriOf } from './workspace.ts';

const WAIT_LIMIT_MS = 20_000;

async function api(): Promise<StrataApi> {
  return (await activeExtension()).exports as StrataApi;
}

/** Waits until something is there, asked whenever the fleet tells of a change. */
async function seen<T>(what: string, probe: () => T | undefined | false): Promise<T> {
  const { fleet } = await api();
  return await new Promise((resolve, reject) => {
    const shown = () => fleet.boxes().map((box) => [box.name, fleet.state(box)?.fault]);
    const check = () => {
      const found = probe();
      if (found === undefined || found === false) return;
      stop();
      resolve(found);
    };
    const listening = [fleet.onDidChangeState(check), fleet.onDidChangeBoxes(check)];
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`${what}: not within ${WAIT_LIMIT_MS / 1000} s; ${JSON.stringify(shown())}`));
    }, WAIT_LIMIT_MS);
    const stop = () => {
      clearTimeout(timer);
      vscode.Disposable.from(...listening).dispose();
    };
    check();
  });
}

/** The tree as a text a line, two blanks further in a level. */
async function outline(): Promise<string[]> {
  const { tree } = (await api()).fleetView;
  const lines = (node: FleetNode | undefined, indent: string): string[] =>
    tree.getChildren(node).flatMap((one) => {
      const { label, description } = tree.getTreeItem(one);
      return [`${indent}${label} ${description || ''}`.trimEnd(), ...lines(one, `${indent}  `)];
    });
  return lines(undefined, '');
}

/** The manifest says that these are the boxes. */
async function writeBoxes(boxes: Record<string, { url: string; environment: string; cluster?: string }>) {
  const uri = uriOf('strata.yaml');
  const text = new TextDecoder()
    .decode(await vscode.workspace.fs.readFile(uri))
    .replace(/^boxes:[\s\S]*/m, '');
  const entries = Object.entries(boxes).map(([name, box]) => `  ${name}: ${JSON.stringify(box)}\n`);
  const all = entries.length === 0 ? text : `${text}boxes:\n${entries.join('')}`;
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), all);
  await vscode.workspace.applyEdit(edit);
  await document.save();
  const names = Object.keys(boxes).join();
  const { fleet } = await api();
  await seen(
    'the boxes of the manifest',
    () =>
      fleet
        .boxes()
        .map(({ name }) => name)
        .join() === names && fleet.boxes().every(({ name, url }) => boxes[name]?.url === url),
  );
}

async function boxNamed(name: string): Promise<FleetBox> {
  const box = (await api()).fleet.boxes().find((one) => one.name === name);
  assert.ok(box, `there is no box ${name}`);
  return box;
}

/** The folder with the commands of the extension under test. */
async function dist(): Promise<string> {
  return join((await activeExtension()).extensionPath, 'dist');
}

describe('the fleet', function () {
  this.timeout(60_000);
  let agent: Agent;
  let looking: vscode.Disposable;

  before(async () => {
    agent = await newAgent(await dist());
    agent.upload('storefront', '1');
    agent.upload('storefront', '2');
    looking = (await api()).fleet.follow();
  });
  after(async () => {
    looking?.dispose();
    await writeBoxes({});
    await agent?.remove();
  });

  /** A box that is met, and takes its token. */
  async function knownBox(): Promise<FleetBox> {
    await writeBoxes({ qa1: { url: agent.url, environment: 'qa' } });
    const { fleet } = await api();
    const box = await boxNamed('qa1');
    await fleet.secrets.setFingerprint(box, agent.fingerprint());
    await fleet.secrets.setToken(box, agent.token('ann'));
    await seen(
      'the box answers',
      () => fleet.state(box)?.apps !== undefined && fleet.state(box)?.fault === undefined,
    );
    return box;
  }

  it('shows environments, clusters and boxes, and why one cannot be asked', async () => {
    const nobody = 'http://127.0.0.1:9';
    await writeBoxes({
      us1: { url: nobody, environment: 'production', cluster: 'us' },
      eu1: { url: nobody, environment: 'production', cluster: 'eu' },
      qa1: { url: nobody, environment: 'qa' },
    });
    const { fleet } = await api();
    await seen('all faults', () => fleet.boxes().every((box) => fleet.state(box)?.fault !== undefined));
    const why = 'nothing listens there: is the agent running?';
    assert.deepEqual(await outline(), [
      'qa',
      `  qa1 ${why}`,
      'production',
      '  us',
      `    us1 ${why}`,
      '  eu',
      `    eu1 ${why}`,
    ]);
  });

  it('refuses a certificate that nobody accepted, and then one that is another', async () => {
    await writeBoxes({ qa1: { url: agent.url, environment: 'qa' } });
    const { fleet } = await api();
    const box = await boxNamed('qa1');
    const first = agent.fingerprint();
    await fleet.secrets.setToken(box, agent.token('ann'));
    const unknown = await seen('the unknown certificate', () => {
      const state = fleet.state(box);
      return state?.code === 'untrusted' ? state : undefined;
    });
    assert.ok(unknown.fault?.includes(first), unknown.fault);
    assert.deepEqual(contextValueOf('qa1', (await api()).fleetView.tree), 'box.untrusted');
    await fleet.secrets.setFingerprint(box, first);
    await seen(
      'the accepted box',
      () => fleet.state(box)?.apps !== undefined && fleet.state(box)?.fault === undefined,
    );
    await agent.stop();
    agent.renewCertificate();
    await agent.start();
    const other = await seen('the changed certificate', () => {
      const state = fleet.state(box);
      return state?.code === 'untrusted' ? state : undefined;
    });
    assert.ok(other.fault?.includes(first) && other.fault.includes(agent.fingerprint()), other.fault);
    const remote = await fleet.agent(box);
    await assert.rejects(remote.apps(new AbortController().signal), /somebody may be in between/);
    await fleet.secrets.setFingerprint(box, agent.fingerprint());
    await seen('the box with its new certificate', () => fleet.state(box)?.fault === undefined);
  });

  it('says that a token is missing, or wrong, and goes on with the right one', async () => {
    const box = await knownBox();
    const { fleet } = await api();
    await fleet.secrets.setToken(box, undefined);
    await seen('the missing token', () => fleet.state(box)?.fault?.includes('Set Token'));
    await fleet.secrets.setToken(box, 'wrong');
    await seen('the wrong token', () => fleet.state(box)?.fault?.includes('does not take the token'));
    assert.deepEqual(contextValueOf('qa1', (await api()).fleetView.tree), 'box.unauthenticated');
    const { faults } = await fleet.health(box, new AbortController().signal);
    assert.match(faults.join(), /does not take the token/);
    await fleet.secrets.setToken(box, agent.token('ben'));
    await seen('the right token', () => fleet.state(box)?.fault === undefined);
    const health = await fleet.health(box, new AbortController().signal);
    assert.deepEqual(health.faults, []);
    assert.ok(health.certificateEnds);
  });

  it('never sends a token to another address', async () => {
    const box = await knownBox();
    const { secrets } = (await api()).fleet;
    assert.ok(await secrets.token(box));
    assert.equal(await secrets.token({ ...box, url: 'https://127.0.0.1:1' }), undefined);
  });

  it('follows what others deploy, without asking again and again', async () => {
    const box = await knownBox();
    const { fleet } = await api();
    const remote = await fleet.agent(box);
    const { signal } = new AbortController();
    for (const version of ['1', '2']) {
      await remote.deploy({ app: 'storefront', version }, randomUUID(), signal);
      await seen(`version ${version}`, () => {
        const app = fleet.state(box)?.apps?.find((one) => one.app === 'storefront');
        return app?.live === version && app.running === null && app.last?.result === 'done';
      });
    }
    assert.deepEqual(await outline(), ['qa', '  qa1', '    storefront 2 · < 1 min']);
    const { tree } = (await api()).fleetView;
    const [environment] = tree.getChildren();
    const [node] = tree.getChildren(tree.getChildren(environment)[0]);
    assert.ok(node);
    const { tooltip, accessibilityInformation } = tree.getTreeItem(node);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.match(tooltip.value, /deployment of 2 by ann[\s\S]*Result: done/);
    assert.equal(accessibilityInformation?.label, 'storefront on qa1: 2 · < 1 min');
    await remote.deploy({ app: 'storefront', version: '9' }, randomUUID(), signal);
    await seen('the failure', () => {
      const app = fleet.state(box)?.apps?.[0];
      return app?.running === null && app.last?.result === 'failed';
    });
    assert.deepEqual(await outline(), ['qa', '  qa1', '    storefront 2 · < 1 min · 9 failed < 1 min ago']);
  });

  it('says that a box is away, and when it is back', async () => {
    const box = await knownBox();
    const { fleet } = await api();
    await agent.stop();
    await seen('the box is away', () => fleet.state(box)?.code === 'unreachable');
    // What was known of it stays in sight.
    assert.equal(fleet.state(box)?.apps?.[0]?.live, '2');
    await agent.start();
    await seen('the box is back', () => fleet.state(box)?.fault === undefined);
  });

  it('holds no connection while nobody looks', async () => {
    const box = await knownBox();
    const { fleet } = await api();
    looking.dispose();
    await hideFleet((await api()).fleetView);
    const told: unknown[] = [];
    const listening = fleet.onDidChangeState((one) => told.push(one));
    const remote = await fleet.agent(box);
    const { signal } = new AbortController();
    await remote.deploy({ app: 'storefront', version: '1' }, randomUUID(), signal);
    const { id } = (await remote.deployments({ limit: 1 }, signal))[0] ?? {};
    for await (const event of remote.events(id ?? '', 0, { follow: true, signal })) {
      if (event.type === 'end') break;
    }
    listening.dispose();
    assert.deepEqual(told, []);
    looking = fleet.follow();
    await seen('what happened meanwhile', () => fleet.state(box)?.apps?.[0]?.live === '1');
  });

  it('asks a box through ssh, which needs no token and no certificate, and says why it cannot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strata-ssh-'));
    const path = process.env.PATH;
    process.env.PATH = `${folder}:${path}`;
    const ssh = (script: string) =>
      writeFileSync(join(folder, 'ssh'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    try {
      ssh('echo "deploy@box.example: Permission denied (publickey)." >&2; exit 255');
      await writeBoxes({ qa1: { url: 'ssh://deploy@box.example', environment: 'qa' } });
      const { fleet } = await api();
      const box = await boxNamed('qa1');
      await seen('why not', () => fleet.state(box)?.fault?.includes('Permission denied'));
      assert.equal(contextValueOf('qa1', (await api()).fleetView.tree), 'box.unreachable');
      // What ssh does on the box: the words behind `--` and the host are the command.
      const connect = [process.execPath, join(await dist(), 'agent.js'), 'connect', '--root', agent.root];
      const wanted = '-T -o BatchMode=yes -- deploy@box.example strata-agent connect';
      ssh(`[ "$*" = "${wanted}" ] && exec ${connect.map((one) => `'${one}'`).join(' ')}`);
      fleet.retry();
      await seen('the box answers', () => fleet.state(box)?.apps?.some(({ app }) => app === 'storefront'));
      assert.deepEqual((await fleet.health(box, new AbortController().signal)).faults, []);
      assert.equal(await fleet.secrets.token(box), undefined);
      assert.equal(await fleet.secrets.fingerprint(box), undefined);
      for (const name of ['setToken', 'forgetCertificate', 'acceptCertificate'])
        await vscode.commands.executeCommand(`strata.${name}`, { type: 'box', box });
    } finally {
      process.env.PATH = path;
      rmSync(folder, { recursive: true });
    }
  });

  it('goes on when the language server is killed: boxes stay, and changes of the manifest come through', async () => {
    const box = await knownBox();
    const { server, fleet } = await api();
    const [pid = 0] = childProcesses('dist/server.js');
    const started = new Promise<void>((resolve) => {
      const listening = server.onDidStart(() => {
        listening.dispose();
        resolve();
      });
    });
    process.kill(pid, 'SIGKILL');
    await started;
    assert.deepEqual(
      fleet.boxes().map(({ name }) => name),
      [box.name],
    );
    assert.equal(fleet.state(box)?.fault, undefined);
    await writeBoxes({
      qa1: { url: agent.url, environment: 'qa' },
      qa2: { url: 'http://127.0.0.1:9', environment: 'qa' },
    });
    await seen('the other box', () => fleet.state(fleet.boxes()[1] ?? box)?.code === 'unreachable');
    assert.deepEqual((await outline()).slice(0, 2), ['qa', '  qa1']);
  });

  it('copies addresses, and refreshes', async () => {
    const box = await knownBox();
    await vscode.commands.executeCommand('strata.copyBoxAddress', { type: 'box', box });
    assert.equal(await vscode.env.clipboard.readText(), agent.url);
    await vscode.commands.executeCommand('strata.fleet.refresh');
    const { fleet } = await api();
    await seen('the box once more', () => fleet.state(box)?.fault === undefined);
  });
});

function contextValueOf(name: string, tree: StrataApi['fleetView']['tree']): string | undefined {
  const find = (node: FleetNode | undefined): vscode.TreeItem[] =>
    tree.getChildren(node).flatMap((one) => [tree.getTreeItem(one), ...find(one)]);
  return find(undefined).find(({ label }) => label === name)?.contextValue;
}
