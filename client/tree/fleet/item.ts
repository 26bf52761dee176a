import * as vscode from 'vscode';
import type { BoxState } from '../../fleet/followBox.ts';
import { type AppLook, appLook } from './look.ts';
import {
  type AppNode,
  type BoxNode,
  type ClusterNode,
  type EnvironmentNode,
  type FleetNode,
  nodeId,
} from './node.ts';
import { appDescription, appTooltip, escaped } from './texts.ts';

const { Expanded, None } = vscode.TreeItemCollapsibleState;

const iconOf: Readonly<Record<AppLook, [icon: string, color?: string]>> = {
  running: ['sync~spin'],
  live: ['pass', 'testing.iconPassed'],
  nothing: ['circle-outline'],
  failed: ['error', 'testing.iconFailed'],
  rolledBack: ['discard', 'list.warningForeground'],
  unknown: ['question', 'list.warningForeground'],
};

/** How an environment, a cluster, a box or an app looks in the tree. */
export function treeItem(node: FleetNode, state: BoxState | undefined, now: number): vscode.TreeItem {
  const item = itemOf(node, state, now);
  // An entry that was shown without any below it would stay closed when it gets some: it becomes another.
  item.id = nodeId(node) + (node.type === 'box' && item.collapsibleState === None ? ' empty' : '');
  return item;
}

function itemOf(node: FleetNode, state: BoxState | undefined, now: number): vscode.TreeItem {
  if (node.type === 'environment') return environmentItem(node);
  if (node.type === 'cluster') return clusterItem(node);
  return node.type === 'box' ? boxItem(node, state) : appItem(node, now);
}

function environmentItem({ environment, isProtected, workspace, boxes }: EnvironmentNode): vscode.TreeItem {
  const item = new vscode.TreeItem(environment, Expanded);
  item.iconPath = icon(isProtected ? 'shield' : 'server-environment');
  item.contextValue = 'environment';
  const parts = [workspace ?? [], isProtected ? vscode.l10n.t('protected') : []].flat();
  item.description = parts.join(' · ');
  item.tooltip = [environment, ...parts, countText(boxes.length)].join(' · ');
  return item;
}

function clusterItem({ cluster, boxes }: ClusterNode): vscode.TreeItem {
  const item = new vscode.TreeItem(cluster, Expanded);
  item.iconPath = icon('globe');
  item.contextValue = 'cluster';
  item.tooltip = [cluster, countText(boxes.length)].join(' · ');
  return item;
}

function countText(count: number): string {
  return count === 1 ? vscode.l10n.t('1 box') : vscode.l10n.t('{0} boxes', count);
}

function boxItem({ box }: BoxNode, state: BoxState | undefined): vscode.TreeItem {
  const hasApps = (state?.apps?.length ?? 0) > 0;
  const item = new vscode.TreeItem(box.name, hasApps ? Expanded : None);
  const said = stateText(state);
  item.iconPath = state?.fault === undefined ? icon(box.isLocal ? 'vm' : 'server') : faultIcon(state);
  // What can be done about it hangs on what is wrong.
  item.contextValue = ['box', box.isLocal ? 'local' : [], state?.code ?? []].flat().join('.');
  item.description = said ?? '';
  const labels = Object.entries(box.labels).map(([key, value]) => `${key}=${value}`);
  const lines = [box.url, ...labels, ...(said === undefined ? [] : [said])];
  const text = new vscode.MarkdownString(`**${escaped(box.name)}**\n\n`);
  for (const line of lines) text.appendMarkdown(`${escaped(line)}  \n`);
  item.tooltip = text;
  item.accessibilityInformation = {
    label: vscode.l10n.t('Box {0}, {1}', box.name, said ?? vscode.l10n.t('reachable')),
  };
  return item;
}

function stateText(state: BoxState | undefined): string | undefined {
  if (state === undefined) return vscode.l10n.t('asking…');
  if (state.fault !== undefined) return state.fault;
  return state.apps?.length === 0 ? vscode.l10n.t('nothing was deployed') : undefined;
}

function faultIcon({ code }: BoxState): vscode.ThemeIcon {
  if (code === 'untrusted') return icon('unverified', 'list.errorForeground');
  if (code === 'unauthenticated' || code === 'forbidden') return icon('key', 'list.warningForeground');
  return icon('debug-disconnect', 'list.warningForeground');
}

function appItem({ box, status }: AppNode, now: number): vscode.TreeItem {
  const item = new vscode.TreeItem(status.app, None);
  item.iconPath = icon(...iconOf[appLook(status)]);
  item.contextValue = 'deployedApp';
  item.description = appDescription(status, now);
  item.tooltip = appTooltip(status, now);
  item.accessibilityInformation = {
    label: vscode.l10n.t('{0} on {1}: {2}', status.app, box.name, String(item.description)),
  };
  return item;
}

function icon(name: string, color?: string): vscode.ThemeIcon {
  return new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
}
