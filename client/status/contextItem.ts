import * as vscode from 'vscode';
import type { ActiveContext } from '../activeContext.ts';

/** The status bar item with the active app, environment and cluster; a click offers the others. */
export function showContextInStatusBar(context: ActiveContext): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('strata.context', vscode.StatusBarAlignment.Left, 50);
  item.name = vscode.l10n.t('Strata Context');
  item.command = 'strata.selectContext';
  const show = () => {
    const { active } = context.current();
    if (active === null) {
      item.hide();
      return;
    }
    item.text = `$(layers) ${active.app} · ${active.label}`;
    item.tooltip = vscode.l10n.t('Strata: {0} in {1}. Select another context.', active.app, active.label);
    item.accessibilityInformation = {
      label: vscode.l10n.t('Strata context: {0} in {1}', active.app, active.label),
      role: 'button',
    };
    item.show();
  };
  show();
  return vscode.Disposable.from(item, context.onDidChange(show));
}
