import type { ContextName } from '../../protocol/contexts.ts';
import type { EffectiveNode, SettingNode } from '../tree/effectiveConfig/node.ts';

/** The context of a node that a command was called on; nothing where it was called from elsewhere. */
export function contextOf(node: unknown): ContextName | undefined {
  return isNode(node) && node.type !== 'app' ? node.context : undefined;
}

/** Likewise of a setting. */
export function settingNodeOf(node: unknown): SettingNode | undefined {
  return isNode(node) && node.type === 'setting' ? node : undefined;
}

/** Nodes are this extension's own, but commands can be called by anybody. */
function isNode(value: unknown): value is EffectiveNode {
  const { type } = (value ?? {}) as Record<string, unknown>;
  return type === 'app' || type === 'context' || type === 'setting';
}
