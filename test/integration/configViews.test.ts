import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { StrataApi } from '../../client/extension.ts';
import type { EffectiveNode, SettingNode } from '../../client/tree/effectiveConfig/node.ts';
import { activeExtension, open, placeOf, until, uriOf } from './workspace.ts';

async function api(): Promise<StrataApi> {
  return (await activeExtension()).exports as StrataApi;
}

/** A node of the tree by the names that lead to it. */
async function find(...names: string[]): Promise<EffectiveNode> {
  const { tree } = (await api()).effectiveConfig;
  let node: EffectiveNode | undefined;
  for (const name of names) {
    const parent = node;
    const children = await until(
      async () => (await tree.getChildren(parent)) ?? [],
      (found) => found.some((one) => nameOf(one) === name),
    );
    node = children.find((one) => nameOf(one) === name);
  }
  assert.ok(node, 'nothing was looked for');
  return node;
}

function nameOf(node: EffectiveNode): string {
  if (node.type === 'app') return node.app;
  return node.type === 'context' ? node.context.label : (node.path.at(-1) ?? '');
}

async function leaves(node: EffectiveNode): Promise<SettingNode[]> {
  const { tree } = (await api()).effectiveConfig;
  const children = (await tree.getChildren(node)) ?? [];
  const below = await Promise.all(children.map((one) => leaves(one)));
  const own = node.type === 'setting' && node.setting !== undefined ? [node] : [];
  return [...own, ...below.flat()];
}

async function activeTab(test: (tab: vscode.Tab) => boolean): Promise<vscode.Tab> {
  const tab = await until(
    async () => vscode.window.tabGroups.activeTabGroup.activeTab,
    (found) => found !== undefined && test(found),
  );
  assert.ok(tab);
  return tab;
}

describe('the view of effective configurations', () => {
  afterEach(async () => {
    (await api()).effectiveConfig.setFilter({});
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('shows apps, contexts and settings, with value, layer and chain', async () => {
    const { tree } = (await api()).effectiveConfig;
    const node = await find('api', 'qa', 'common', 'db', 'host');
    const item = await tree.getTreeItem(node);
    assert.match(String(item.label), /^host: "/);
    assert.equal(item.description, 'common-qa.yaml');
    const full = await tree.resolveTreeItem?.(item, node, new vscode.CancellationTokenSource().token);
    const { tooltip } = full ?? {};
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.match(tooltip.value, /common\\\.yaml:\d+ set/);
    assert.match(tooltip.value, /common\\-qa\\\.yaml:\d+ set.*\*\*←\*\*/);
    const { command = '', arguments: args = [] } = item.command ?? {};
    await vscode.commands.executeCommand(command, ...args);
    const editor = vscode.window.activeTextEditor;
    assert.ok(editor, 'no editor is open');
    assert.ok(editor.document.uri.path.endsWith('/configs/common-qa.yaml'), editor.document.uri.path);
    assert.match(editor.document.lineAt(editor.selection.active.line).text, /host:/);
  });

  it('follows what is typed', async () => {
    // What is asked for once is kept until layers are told to be others.
    await find('api', 'qa', 'common', 'db', 'host');
    const document = await open('configs/common-qa.yaml');
    const place = placeOf(document, 'common', 'db', 'host');
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, document.lineAt(place.line).range, '    host: typed.example');
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until(
      async () => ((await find('api', 'qa', 'common', 'db', 'host')) as SettingNode).setting?.value,
      (value) => value === '"typed.example"',
    );
  });

  it('filters by text, by what differs and by layer', async () => {
    const { effectiveConfig, context } = await api();
    const qa = await find('api', 'qa');
    const all = (await leaves(qa)).length;
    effectiveConfig.setFilter({ text: 'db host' });
    const hosts = await leaves(qa);
    assert.ok(hosts.length > 0 && hosts.length < all, `${hosts.length} of ${all}`);
    assert.ok(hosts.every(({ path, setting }) => `${path.join('.')} ${setting?.value}`.includes('host')));
    const production = context
      .current()
      .contexts.find((one) => one.label.startsWith('production/') && one.app === 'api');
    assert.ok(production);
    effectiveConfig.setFilter({ differsFrom: production });
    const differing = await leaves(qa);
    assert.ok(differing.length > 0 && differing.length < all, `${differing.length} of ${all}`);
    const layer = { uri: uriOf('configs/common-qa.yaml').toString(), file: 'configs/common-qa.yaml' };
    effectiveConfig.setFilter({ layer });
    const given = await leaves(qa);
    assert.ok(given.length > 0 && given.every(({ setting }) => setting?.source?.file === layer.file));
  });

  it('shows the setting at the cursor', async () => {
    const { effectiveConfig } = await api();
    await vscode.commands.executeCommand('strata.effectiveConfig.focus');
    const document = await open('configs/common-qa.yaml');
    const editor = await vscode.window.showTextDocument(document);
    const place = placeOf(document, 'common', 'db', 'host');
    editor.selection = new vscode.Selection(place, place);
    await until(
      async () =>
        effectiveConfig.view.selection.map((node) => (node.type === 'setting' ? node.path.join('.') : '')),
      ([path]) => path === 'common.db.host',
    );
  });
});

describe('commands of configurations', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('compare two environments', async () => {
    const node = await find('api', 'qa');
    const done = vscode.commands.executeCommand('strata.compareEnvironments', node);
    await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      },
      (input) => input instanceof vscode.TabInputTextDiff,
    );
    await done;
    const { input } = await activeTab(() => true);
    assert.ok(input instanceof vscode.TabInputTextDiff);
    assert.equal(input.original.path, '/api/qa.effective.yaml');
    assert.notEqual(input.modified.path, '/api/qa.effective.yaml');
  });

  it('say why nothing can be compared with a commit', async () => {
    await vscode.commands.executeCommand('strata.compareWithHead', await find('api', 'qa'));
    assert.ok(!(vscode.window.tabGroups.activeTabGroup.activeTab?.input instanceof vscode.TabInputTextDiff));
  });

  it('copy the name and the value of the setting at the cursor, and of one in the tree', async () => {
    const document = await open('configs/common-qa.yaml');
    const editor = await vscode.window.showTextDocument(document);
    const place = placeOf(document, 'common', 'db', 'host');
    editor.selection = new vscode.Selection(place, place);
    await vscode.commands.executeCommand('strata.copySettingPath');
    assert.equal(await vscode.env.clipboard.readText(), 'common.db.host');
    const node = await find('api', 'qa', 'common', 'db', 'port');
    await vscode.commands.executeCommand('strata.copyEffectiveValue', node);
    assert.equal(await vscode.env.clipboard.readText(), '5432');
  });

  it('explain a setting, and lead to a layer of its chain', async () => {
    const node = await find('api', 'qa', 'common', 'db', 'host');
    await vscode.commands.executeCommand('strata.explainSetting', node);
    const document = await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return vscode.window.activeTextEditor?.document.uri.path ?? '';
      },
      (path) => path.endsWith('/configs/common.yaml'),
    );
    assert.ok(document);
  });

  it('make a layer where there is none', async () => {
    const done = vscode.commands.executeCommand('strata.newLayer', await find('api', 'qa'));
    const path = await until(
      async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return vscode.window.activeTextEditor?.document.uri.path ?? '';
      },
      (found) => found.endsWith('.yaml'),
    );
    await done;
    const made = await vscode.workspace.fs.stat(vscode.Uri.file(path));
    assert.equal(made.size, 0);
    await vscode.workspace.fs.delete(vscode.Uri.file(path));
  });
});
