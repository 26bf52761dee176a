import * as vscode from 'vscode';
import type { Parts } from '../parts.ts';
import { settingOf } from '../settingAtCursor.ts';

/** **Strata: Copy Setting Path**: of the setting at the cursor, or of one in the tree. */
export async function copySettingPath(parts: Parts, node?: unknown): Promise<void> {
  const found = await settingOf(parts, node);
  if (found !== undefined) await vscode.env.clipboard.writeText(found.setting.join('.'));
}
