import * as vscode from 'vscode';
import type { ContextExplanation } from '../../../protocol/explanation.ts';
import type { EffectiveSetting } from '../../../protocol/settings.ts';
import { kindText } from './item.ts';

/** Every layer's say on a setting in one context, lowest first. */
export function chainTooltip(
  setting: EffectiveSetting,
  found: ContextExplanation | undefined,
): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${escaped(setting.setting.join('.'))}** · ${escaped(kindText(setting.kind))}\n\n`);
  text.appendCodeblock(setting.value, 'json');
  for (const { action, value, slot, place, wins } of found?.chain ?? []) {
    if (action === null) continue;
    const from = place === null ? slot : `${place.file}:${place.line + 1}`;
    const given = value === null ? '' : ` ${escaped(value.slice(0, 200))}`;
    text.appendMarkdown(`1. ${escaped(from)} ${action}${given}${wins ? ' **←**' : ''}\n`);
  }
  return text;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, '\\$&');
}
