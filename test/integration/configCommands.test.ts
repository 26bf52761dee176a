// Commands of configurations over what a working day brings: what was typed since the commit, places that cannot be written, cursors
// that are on nothing.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import * as vscode from 'vscode';
import type { StrataApi } from '../../client/extension.ts';
import type { ContextName } from '../../protocol/contexts.ts';
import { watchShown } from './shown.ts';
import { activeExtension, open, placeOf, until, uriOf } from './workspace.ts';

async function api(): Promise<StrataApi> {
  return (await activeExtension()).exports as StrataApi;
}

const pathOf = (file: string) => uriOf(file).fsPath;

async function contextNamed(app: string, label: string): Promise<ContextName> {
  const { contexts } = (await api()).context.current();
  const found = contexts.find((one) => one.app === app && one.label === label);
  assert.ok(found, `there is no ${app} ${label}`);
  return found;
}

function git(...args: string[]): void {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@papershop.example'];
  execFileSync('git', ['-C', pathOf('.'), ...who, ...args], { stdio: 'pipe' });
}

/** Types another value of a key over the one that stands there, and does not save it. */
async function type(file: string, path: string[], value: string): Promise<vscode.TextDocument> {
  const document = await open(file);
  const { line } = placeOf(document, ...path);
  const text = document.lineAt(line).text.replace(/:.*/, `: ${value}`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, document.lineAt(line).range, text);
  await vscode.workspace.applyEdit(edit);
  return document;
}

function diffTab(): vscode.TabInputTextDiff | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputTextDiff ? input : undefined;
}

describe('what commands of configurations do', () => {
  before(async () => {
    await open('configs/common.yaml');
    const { context } = await api();
    await until(
      async () => context.current().contexts.length,
      (count) => count > 0,
    );
  });

  afterEach(async () => {
    for (const { isDirty, uri } of vscode.workspace.textDocuments) {
      if (!isDirty) continue;
      await vscode.window.showTextDocument(uri);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(pathOf('.git'), { recursive: true, force: true });
  });

  it('with the last commit: it is set beside what was typed since', async () => {
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'for a test');
    await type('configs/common-qa.yaml', ['common', 'db', 'host'], 'typed.example');
    const context = await contextNamed('api', 'qa');
    await vscode.commands.executeCommand('strata.compareWithHead', { type: 'context', context });
    const sides = await until(async () => diffTab(), Boolean);
    assert.ok(sides);
    const textOf = async (uri: vscode.Uri) => (await vscode.workspace.openTextDocument(uri)).getText();
    const before = await textOf(sides.original);
    const now = await until(
      () => textOf(sides.modified),
      (text) => text.includes('typed.example'),
    );
    assert.ok(before.includes('host: db.qa.papershop.example') && !before.includes('typed.example'));
    assert.ok(!now.includes('host: db.qa.papershop.example'));
  });

  it('with a repository that has no commit: nothing is compared', async () => {
    git('init', '--quiet', '--initial-branch=main');
    const context = await contextNamed('api', 'qa');
    await vscode.commands.executeCommand('strata.compareWithHead', { type: 'context', context });
    assert.equal(diffTab(), undefined);
  });

  it('with a layer that is not saved: it is saved, and written with what was typed', async () => {
    const file = pathOf('configs/common-qa.yaml');
    const saved = readFileSync(file, 'utf8');
    const document = await type('configs/common-qa.yaml', ['common', 'db', 'host'], 'typed.example');
    const context = await contextNamed('api', 'qa');
    await vscode.commands.executeCommand('strata.renderConfiguration', { type: 'context', context });
    const made = pathOf('apps/api/configuration.json');
    assert.equal(JSON.parse(readFileSync(made, 'utf8')).common.db.host, 'typed.example');
    assert.ok(!document.isDirty);
    rmSync(made);
    await vscode.workspace.fs.writeFile(document.uri, new TextEncoder().encode(saved));
  });

  it('with a place that cannot be written: nothing is opened, and nothing half-done stays', async () => {
    // What stands in its way is a folder with something in it.
    mkdirSync(pathOf('apps/api/configuration.json/x'), { recursive: true });
    const before = readdirSync(pathOf('apps/api'));
    try {
      const context = await contextNamed('api', 'qa');
      await vscode.commands.executeCommand('strata.renderConfiguration', { type: 'context', context });
      const { activeTextEditor } = vscode.window;
      assert.ok(!activeTextEditor?.document.uri.path.includes('configuration.json'));
      assert.deepEqual(readdirSync(pathOf('apps/api')), before);
    } finally {
      rmSync(pathOf('apps/api/configuration.json'), { recursive: true });
    }
  });

  it('with the cursor on nothing: what was copied before stays', async () => {
    const document = await open('configs/common.yaml');
    const editor = await vscode.window.showTextDocument(document);
    const comment = new vscode.Position(0, 2);
    editor.selection = new vscode.Selection(comment, comment);
    await vscode.env.clipboard.writeText('what was there');
    for (const name of ['copySettingPath', 'copyEffectiveValue', 'explainSetting'])
      await vscode.commands.executeCommand(`strata.${name}`);
    assert.equal(await vscode.env.clipboard.readText(), 'what was there');
    assert.equal(vscode.window.activeTextEditor?.document, document);
  });

  it('with files that are no layers, and with none: the same', async () => {
    await vscode.env.clipboard.writeText('what was there');
    await open('README.md');
    await vscode.commands.executeCommand('strata.copySettingPath');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('strata.copySettingPath');
    await vscode.commands.executeCommand('strata.explainSetting');
    assert.equal(await vscode.env.clipboard.readText(), 'what was there');
  });
});

describe('a new layer', () => {
  const own = 'apps/api/deploy/configuration';
  const inTheWay = 'a folder, another file or a link that leads nowhere is in its way';

  before(async () => {
    await open('configs/common.yaml');
    const { context } = await api();
    await until(
      async () => context.current().contexts.length,
      (count) => count > 0,
    );
  });

  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  /** Chooses a place by its file, once `prepare` has made of it what it has to be; gives the messages that come. */
  async function make(file: string, prepare: () => void = () => undefined): Promise<string[]> {
    const shown = watchShown();
    try {
      const context = await contextNamed('api', 'qa');
      const done = vscode.commands.executeCommand('strata.newLayer', { type: 'context', context });
      const pick = await shown.question(undefined);
      pick.items = pick.items.filter(({ description }) => description === file);
      assert.equal(pick.items.length, 1, `${file} is not offered`);
      prepare();
      await shown.accept(undefined);
      await done;
      return shown.messages.map(({ text }) => text);
    } finally {
      shown.restore();
    }
  }

  const notMade = (file: string) => [`Strata: ${file} could not be made: ${inTheWay}`];

  it('is not written through a link that leads nowhere', async () => {
    const file = 'configs/api-production-us.yaml';
    symlinkSync(pathOf('elsewhere.yaml'), pathOf(file));
    try {
      assert.deepEqual(await make(file), notMade(file));
      assert.ok(lstatSync(pathOf(file)).isSymbolicLink());
      assert.ok(!existsSync(pathOf('elsewhere.yaml')));
      assert.equal(vscode.window.activeTextEditor?.document.uri.path.endsWith(file), false);
    } finally {
      rmSync(pathOf(file));
    }
  });

  it('is not made where a folder has its name', async () => {
    const file = 'configs/api-production-eu.yaml';
    try {
      assert.deepEqual(await make(file, () => mkdirSync(pathOf(file))), notMade(file));
    } finally {
      rmSync(pathOf(file), { recursive: true, force: true });
    }
  });

  for (const [what, stand] of [
    ['a file', (place: string) => writeFileSync(place, '')],
    ['a link that leads nowhere', (place: string) => symlinkSync(`${place}-elsewhere`, place)],
  ] as const) {
    it(`is not made where its folder is ${what}`, async () => {
      const aside = `${pathOf(own)}-aside`;
      const file = `${own}/api-qa.yaml`;
      try {
        const told = await make(file, () => {
          renameSync(pathOf(own), aside);
          stand(pathOf(own));
        });
        assert.deepEqual(told, notMade(file));
        assert.ok(!existsSync(`${pathOf(own)}-elsewhere`));
      } finally {
        rmSync(pathOf(own), { force: true });
        renameSync(aside, pathOf(own));
      }
    });
  }

  it('that somebody else has made meanwhile is opened as it is', async () => {
    const file = 'configs/api-integration.yaml';
    try {
      const told = await make(file, () => writeFileSync(pathOf(file), 'api: {}\n'));
      assert.deepEqual(told, []);
      assert.equal(vscode.window.activeTextEditor?.document.getText(), 'api: {}\n');
    } finally {
      rmSync(pathOf(file));
    }
  });
});

it('the documentation that comes with the extension is shown', async () => {
  for (const [asked, shown] of [
    [undefined, /README\.md/],
    ['boxes', /boxes\.md/],
  ] as const) {
    await vscode.commands.executeCommand('strata.showDocumentation', asked);
    await until(
      async () => vscode.window.tabGroups.activeTabGroup.activeTab?.label ?? '',
      (label) => shown.test(label),
    );
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
});
