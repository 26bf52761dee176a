import * as vscode from 'vscode';
import { showReferencesCommand } from '../../protocol/references.ts';
import { selectContext } from './context/select.ts';
import { openEffectiveConfig } from './effectiveConfig/open.ts';
import { restartServer } from './languageServer/restart.ts';
import { showLog } from './languageServer/showLog.ts';
import type { Parts } from './parts.ts';
import { showReferences } from './references/show.ts';

/** Every command by its id; the file's path says the same. */
const commands: Readonly<Record<string, (parts: Parts, ...args: unknown[]) => unknown>> = {
  'strata.selectContext': selectContext,
  'strata.openEffectiveConfig': openEffectiveConfig,
  'strata.restartServer': restartServer,
  'strata.showLog': showLog,
  [showReferencesCommand]: showReferences,
};

export function registerCommands(extension: vscode.ExtensionContext, parts: Parts): void {
  for (const [id, run] of Object.entries(commands)) {
    const command = vscode.commands.registerCommand(id, (...args: unknown[]) => run(parts, ...args));
    extension.subscriptions.push(command);
  }
}
