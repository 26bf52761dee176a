import * as vscode from 'vscode';
import type { EffectiveSetting, SettingKind } from '../../../protocol/settings.ts';
import { openPlaceCommand } from '../../places.ts';
import { type EffectiveNode, nodeId, type SettingNode } from './node.ts';

const iconOf: Readonly<Record<SettingKind, vscode.ThemeIcon>> = {
  own: new vscode.ThemeIcon('symbol-property'),
  overridden: new vscode.ThemeIcon('layers'),
  appended: new vscode.ThemeIcon('list-ordered'),
  placeholder: new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground')),
  builtIn: new vscode.ThemeIcon('lock'),
};

/** How an app, a context or a setting looks in the tree. */
export function treeItem(node: EffectiveNode, isFollowed: boolean): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  if (node.type === 'setting') return settingItem(node);
  const item = new vscode.TreeItem(
    node.type === 'app' ? node.app : node.context.label,
    isFollowed ? Expanded : Collapsed,
  );
  item.iconPath = new vscode.ThemeIcon(node.type === 'app' ? 'package' : 'server-environment');
  item.contextValue = node.type;
  item.id = nodeId(node);
  return item;
}

function settingItem(node: SettingNode): vscode.TreeItem {
  const key = node.path.at(-1) ?? '';
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  if (node.setting === undefined) {
    const item = new vscode.TreeItem(key, Collapsed);
    item.iconPath = new vscode.ThemeIcon('symbol-namespace');
    return Object.assign(item, { id: nodeId(node), contextValue: 'mapping' });
  }
  const { value, kind, source } = node.setting;
  const item = new vscode.TreeItem(`${key}: ${shortened(value)}`, None);
  item.iconPath = iconOf[kind];
  item.description = source?.file.split('/').at(-1) ?? vscode.l10n.t('built-in');
  item.contextValue = source === null ? 'builtIn' : 'setting';
  item.id = nodeId(node);
  if (source !== null) item.command = openPlaceCommand(source);
  item.accessibilityInformation = { label: accessibleLabel(key, node.setting) };
  return item;
}

const longest = 120;

function shortened(value: string): string {
  return value.length > longest ? `${value.slice(0, longest - 1)}…` : value;
}

function accessibleLabel(key: string, { value, kind, source }: EffectiveSetting): string {
  const from = source?.file ?? vscode.l10n.t('built-in');
  return `${key}: ${value}, ${kindText(kind)}, ${from}`;
}

/** How a setting came to its value, in words. */
export function kindText(kind: SettingKind): string {
  const texts: Readonly<Record<SettingKind, string>> = {
    own: vscode.l10n.t('given by one layer'),
    overridden: vscode.l10n.t('overrides lower layers'),
    appended: vscode.l10n.t('list of several layers'),
    placeholder: vscode.l10n.t('nobody gives it'),
    builtIn: vscode.l10n.t('given by Strata itself'),
  };
  return texts[kind];
}
