import type * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { ActiveContext } from '../activeContext.ts';

/** What commands work with. */
export interface Parts {
  client: LanguageClient;
  context: ActiveContext;
  log: vscode.LogOutputChannel;
}
