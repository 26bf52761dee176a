import * as vscode from 'vscode';
import type { ContextName } from '../../../protocol/contexts.ts';
import type { ActiveContext } from '../../activeContext.ts';
import type { LanguageRequests } from '../../languageRequests.ts';
import { filterSettings, type SettingFilter, settingKey } from './filter.ts';
import { treeItem } from './item.ts';
import { type EffectiveNode, nodeId, type SettingNode, settingNodes } from './node.ts';
import { chainTooltip } from './tooltip.ts';

/** The tree of effective configurations. Settings are asked for when a context is opened, and again when layers change. */
export interface EffectiveConfigTree extends vscode.TreeDataProvider<EffectiveNode>, vscode.Disposable {
  filter(): SettingFilter;
  setFilter(filter: SettingFilter): void;
  /** Layers, contexts or the filter have changed. */
  refresh(): void;
  /** The node of a setting, or of the nearest above it that is shown. */
  find(of: ContextName, path: readonly string[]): Promise<EffectiveNode | undefined>;
  getParent(node: EffectiveNode): EffectiveNode | undefined;
}

export function effectiveConfigTree(requests: LanguageRequests, context: ActiveContext): EffectiveConfigTree {
  const changed = new vscode.EventEmitter<EffectiveNode | undefined>();
  let filter: SettingFilter = {};
  let known = new Map<string, Promise<SettingNode[]>>();
  const refresh = () => {
    known = new Map();
    changed.fire(undefined);
  };
  const nodesOf = (of: ContextName): Promise<SettingNode[]> => {
    const id = nodeId({ type: 'context', context: of });
    const nodes = known.get(id) ?? filteredNodes(requests, of, filter);
    known.set(id, nodes);
    return nodes;
  };
  return {
    onDidChangeTreeData: changed.event,
    filter: () => filter,
    setFilter(now) {
      filter = now;
      refresh();
    },
    refresh,
    getTreeItem: (node) => treeItem(node, isFollowed(node, context)),
    getChildren: (node) => childrenOf(node, context, nodesOf),
    getParent: (node) => parentOf(node),
    resolveTreeItem: (item, node, token) => withTooltip(requests, item, node, token),
    async find(of, path) {
      const nodes = await nodesOf(of);
      return nearest(nodes, path) ?? { type: 'context', context: of };
    },
    dispose: () => changed.dispose(),
  };
}

/** What the person works on stands open. */
function isFollowed(node: EffectiveNode, context: ActiveContext): boolean {
  const { active } = context.current();
  if (node.type === 'app') return node.app === active?.app;
  return node.context.app === active?.app && node.context.label === active.label;
}

async function childrenOf(
  node: EffectiveNode | undefined,
  context: ActiveContext,
  nodesOf: (of: ContextName) => Promise<SettingNode[]>,
): Promise<EffectiveNode[]> {
  const { contexts } = context.current();
  if (node === undefined)
    return [...new Set(contexts.map(({ app }) => app))].map((app) => ({ type: 'app', app }));
  if (node.type === 'setting') return [...node.children];
  if (node.type === 'context') return await nodesOf(node.context);
  return contexts.filter(({ app }) => app === node.app).map((one) => ({ type: 'context', context: one }));
}

function parentOf(node: EffectiveNode): EffectiveNode | undefined {
  if (node.type === 'app') return undefined;
  if (node.type === 'context') return { type: 'app', app: node.context.app };
  const { context, path } = node;
  if (path.length === 1) return { type: 'context', context };
  // Nodes are told apart by their names alone.
  return { type: 'setting', context, path: path.slice(0, -1), setting: undefined, children: [] };
}

async function filteredNodes(
  requests: LanguageRequests,
  of: ContextName,
  filter: SettingFilter,
): Promise<SettingNode[]> {
  const [settings = [], differing] = await Promise.all([
    requests.settings(of),
    differingFrom(requests, of, filter),
  ]);
  return settingNodes(of, filterSettings(settings, filter, differing));
}

async function differingFrom(
  requests: LanguageRequests,
  of: ContextName,
  { differsFrom }: SettingFilter,
): Promise<Set<string>> {
  if (differsFrom === undefined) return new Set();
  const { changes } = await requests.compare({ left: { context: differsFrom }, right: { context: of } });
  return new Set(changes.map(({ setting }) => settingKey(setting)));
}

function nearest(nodes: readonly SettingNode[], path: readonly string[]): SettingNode | undefined {
  const [key, ...rest] = path;
  const node = nodes.find((one) => one.path.at(-1) === key);
  return node && (nearest(node.children, rest) ?? node);
}

async function withTooltip(
  requests: LanguageRequests,
  item: vscode.TreeItem,
  node: EffectiveNode,
  token: vscode.CancellationToken,
): Promise<vscode.TreeItem> {
  if (node.type !== 'setting' || node.setting === undefined) return item;
  const { setting, context, path } = node;
  const found = await requests.explain({ context, setting: [...path] }, token);
  item.tooltip = chainTooltip(setting, found?.contexts[found.active]);
  return item;
}
