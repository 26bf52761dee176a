import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { settingOf } from '../settingAtCursor.ts';

/** **Strata: Copy Effective Value**: in the active context, as JSON; of the setting at the cursor, or of one in the tree. */
export async function copyEffectiveValue(parts: Parts, node?: unknown): Promise<void> {
  const found = await settingOf(parts, node);
  if (found === undefined) return;
  const { value, context } = found.contexts[found.active] ?? {};
  if (typeof value === 'string') return await vscode.env.clipboard.writeText(value);
  const message = vscode.l10n.t(
    'Strata: {0} is not set in {1}.',
    found.setting.join('.'),
    context?.label ?? '',
  );
  void vscode.window.showInformationMessage(message);
}
