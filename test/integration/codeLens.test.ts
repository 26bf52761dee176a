import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import { activeExtension, open, placeOf, until } from './workspace.ts';

const file = 'apps/storefront/deploy/configuration/storefront-default.yaml';

describe('code lenses', () => {
  const section = () => vscode.workspace.getConfiguration('strata');

  afterEach(() => section().update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Workspace));

  it('tell where a setting is overridden, lead there, and can be switched off', async () => {
    await activeExtension();
    const document = await open(file);
    const { line } = placeOf(document, 'storefront', 'workers');
    const lenses = async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        100,
      );
      return found.filter((lens) => lens.range.start.line === line);
    };
    const [lens] = await until(lenses, (found) => found.length === 1);
    assert.equal(lens?.command?.title, 'overridden in local, production');
    assert.equal(lens.command.command, 'strata.showReferences');
    const [uri, position, places] = lens.command.arguments ?? [];
    assert.equal(vscode.Uri.parse(uri).toString(), document.uri.toString());
    assert.equal(position.line, line);
    assert.equal(places.length, 3);
    // It would fail where the editor cannot read what the server sent.
    await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
    await section().update('codeLens.enabled', false, vscode.ConfigurationTarget.Workspace);
    await until(lenses, (found) => found.length === 0);
  });
});

describe('semantic tokens', () => {
  it('have the legend that the package gives colours to', async () => {
    const extension = await activeExtension();
    const document = await open(file);
    const legend = await vscode.commands.executeCommand<vscode.SemanticTokensLegend>(
      'vscode.provideDocumentSemanticTokensLegend',
      document.uri,
    );
    const { semanticTokenModifiers, semanticTokenTypes } = extension.packageJSON.contributes;
    const ids = (list: { id: string }[]) => list.map((one) => one.id);
    assert.deepEqual(legend.tokenModifiers, ids(semanticTokenModifiers));
    for (const id of ids(semanticTokenTypes)) assert.ok(legend.tokenTypes.includes(id), id);
  });

  it('name what does not count in the active context, and placeholders', async () => {
    await activeExtension();
    const document = await open(file);
    const { line } = placeOf(document, 'storefront', 'secret_key');
    const lines = async () => {
      const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens>(
        'vscode.provideDocumentSemanticTokens',
        document.uri,
      );
      return linesOf(tokens);
    };
    assert.ok((await until(lines, (found) => found.includes(line))).length > 1);
  });

  it('colour templates', async () => {
    await activeExtension();
    const document = await open('apps/storefront/deploy/templates/nginx/storefront.conf');
    const lines = async () => {
      const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens | undefined>(
        'vscode.provideDocumentSemanticTokens',
        document.uri,
      );
      return tokens === undefined ? [] : linesOf(tokens);
    };
    // `server 127.0.0.1:{{ aconf.port }};` has both delimiters, a variable and a setting.
    const found = await until(lines, (all) => all.length > 0);
    assert.equal(found.filter((line) => line === 2).length, 4);
  });
});

/** The lines of tokens: each is told by its distance from the one before. */
function linesOf({ data }: vscode.SemanticTokens): number[] {
  let line = 0;
  return Array.from({ length: data.length / 5 }, (_, index) => {
    line += data[index * 5] ?? 0;
    return line;
  });
}
