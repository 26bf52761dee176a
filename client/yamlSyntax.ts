import * as vscode from 'vscode';
import { showsYamlSyntax, showYamlSyntaxMethod } from '../protocol/yamlSyntax.ts';
import type { LanguageServer } from './languageServer.ts';

/** Whether Strata shows problems with the syntax of YAML: by its setting, and unless Red Hat's extension does. */
export function isYamlSyntaxShown(): boolean {
  const setting: unknown = vscode.workspace.getConfiguration('strata').get('diagnostics.yamlSyntax');
  const isThere = vscode.extensions.getExtension('redhat.vscode-yaml') !== undefined;
  const validates = vscode.workspace.getConfiguration('yaml').get('validate') !== false;
  return showsYamlSyntax(setting, isThere && validates);
}

/** Tells the server when the setting changes, or the other extension comes, goes or is set otherwise. */
export function tellYamlSyntax(server: LanguageServer): vscode.Disposable {
  const tell = () => server.sendNotification(showYamlSyntaxMethod, isYamlSyntaxShown());
  return vscode.Disposable.from(
    vscode.extensions.onDidChange(tell),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const concerns = ['strata.diagnostics.yamlSyntax', 'yaml.validate'];
      if (concerns.some((section) => event.affectsConfiguration(section))) tell();
    }),
    // What changed while the server was starting.
    server.onDidStart(tell),
  );
}
