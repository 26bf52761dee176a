import { strict as assert } from 'node:assert';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { activeExtension, definitions, open, placeOf, until } from './workspace.ts';

describe('go to definition', () => {
  it('leads to the layers of a setting, each at the key itself', async () => {
    const document = await open('configs/common.yaml');
    await activeExtension();
    const host = placeOf(document, 'common', 'db', 'host');
    const found = await until(
      () => definitions(document.uri, host),
      (locations) => locations.length > 0,
    );
    const files = found.map(({ uri }) => basename(uri.path));
    for (const layer of ['common.yaml', 'common-local.yaml', 'common-production-eu.yaml']) {
      assert.ok(files.includes(layer), `${layer} is not in ${files}`);
    }
    for (const { uri, range } of found) {
      const { text } = (await vscode.workspace.openTextDocument(uri)).lineAt(range.start.line);
      assert.match(text, /\bhost:/, `${uri.path}:${range.start.line + 1} is ${text}`);
    }
  });
});
