import type { ContextName } from '../../../protocol/contexts.ts';
import type { EffectiveSetting } from '../../../protocol/settings.ts';

/** What the tree of effective configurations shows: apps, in them contexts, in them settings. */
export type EffectiveNode = AppNode | ContextNode | SettingNode;

export interface AppNode {
  type: 'app';
  app: string;
}

export interface ContextNode {
  type: 'context';
  context: ContextName;
}

export interface SettingNode {
  type: 'setting';
  context: ContextName;
  /** The keys that lead to it. */
  path: readonly string[];
  /** What is known of a setting that is no mapping. */
  setting: EffectiveSetting | undefined;
  /** Of a mapping, in their order. */
  children: readonly SettingNode[];
}

/** Makes a tree of settings, in their order. */
export function settingNodes(context: ContextName, settings: readonly EffectiveSetting[]): SettingNode[] {
  return nodesAt(context, settings, []);
}

function nodesAt(
  context: ContextName,
  settings: readonly EffectiveSetting[],
  above: readonly string[],
): SettingNode[] {
  const depth = above.length;
  const byKey = new Map<string, EffectiveSetting[]>();
  for (const one of settings) {
    const key = one.setting[depth] ?? '';
    byKey.set(key, [...(byKey.get(key) ?? []), one]);
  }
  return [...byKey].map(([key, inside]) => {
    const path = [...above, key];
    const leaf = inside.find((one) => one.setting.length === depth + 1);
    const children = leaf === undefined ? nodesAt(context, inside, path) : [];
    return { type: 'setting', context, path, setting: leaf, children };
  });
}

/** Names a node, for as long as the workspace has it. */
export function nodeId(node: EffectiveNode): string {
  if (node.type === 'app') return JSON.stringify([node.app]);
  const { app, label } = node.context;
  return JSON.stringify(node.type === 'context' ? [app, label] : [app, label, ...node.path]);
}
