import * as vscode from 'vscode';
import { type LanguageClient, State } from 'vscode-languageclient/node';
import { showsYamlSyntax, showYamlSyntaxMethod } from '../protocol/yamlSyntax.ts';

/** Whether Strata shows problems with the syntax of YAML: by its setting, and unless Red Hat's extension does. */
export function isYamlSyntaxShown(): boolean {
  const setting: unknown = vscode.workspace.getConfiguration('strata').get('diagnostics.yamlSyntax');
  const isThere = vscode.extensions.getExtension('redhat.vscode-yaml') !== undefined;
  const validates = vscode.workspace.getConfiguration('yaml').get('validate') !== false;
  return showsYamlSyntax(setting, isThere && validates);
}

/** Tells the server when the setting changes, or the other extension comes, goes or is set otherwise. */
export function tellYamlSyntax(client: LanguageClient): vscode.Disposable {
  const tell = () => {
    if (client.isRunning()) void client.sendNotification(showYamlSyntaxMethod, isYamlSyntaxShown());
  };
  return vscode.Disposable.from(
    vscode.extensions.onDidChange(tell),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const concerns = ['strata.diagnostics.yamlSyntax', 'yaml.validate'];
      if (concerns.some((section) => event.affectsConfiguration(section))) tell();
    }),
    // What changed while the server was starting.
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) tell();
    }),
  );
}
