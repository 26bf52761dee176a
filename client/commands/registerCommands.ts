import * as vscode from 'vscode';
import { selectContext } from './context/select.ts';
import { openEffectiveConfig } from './effectiveConfig/open.ts';
import { restartServer } from './languageServer/restart.ts';
import { showLog } from './languageServer/showLog.ts';
import type { Parts } from './parts.ts';

/** Every command by its id; the file's path says the same. */
const commands: Readonly<Record<string, (parts: Parts) => unknown>> = {
  'strata.selectContext': selectContext,
  'strata.openEffectiveConfig': openEffectiveConfig,
  'strata.restartServer': restartServer,
  'strata.showLog': showLog,
};

export function registerCommands(extension: vscode.ExtensionContext, parts: Parts): void {
  for (const [id, run] of Object.entries(commands)) {
    extension.subscriptions.push(vscode.commands.registerCommand(id, () => run(parts)));
  }
}
