import { builtInSlot } from '../layers/builtIn.ts';
import { type Context, contextLabel } from '../layers/context.ts';
import { resolveSetting } from '../merge/resolve.ts';
import { type Action, type EffectiveValue, type Say, type StackLayer, winningSay } from '../merge/setting.ts';
import { effectiveJson, nodeJson, readableStyle } from '../render/json.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { LayerNode } from '../yaml/tree.ts';

/** A setting in one context: its effective value, the layer that gave it, and every layer's say. */
export interface Explanation {
  context: Context;
  /** `undefined` where the context does not have the setting. */
  value: EffectiveValue | undefined;
  /** The say that made the setting what it is. */
  winner: ChainLink | undefined;
  /** All layers of the stack, lowest first, those without a say included. */
  chain: ChainLink[];
}

/** One layer of a chain. */
export interface ChainLink {
  /** The layer's slot in this context, `common-production`. */
  slot: string;
  /** The layer's file; empty for the built-in layer. */
  file: string;
  /** What it did to the setting; `undefined` for a layer without a say. */
  action: Action | undefined;
  /** The key that it did it with. */
  keyRange?: Range;
  node?: LayerNode;
}

/** Explains a setting in one context. Only the layers' parts on the way to the setting are merged. */
export function explainSetting(model: Model, of: Context, path: readonly string[]): Explanation {
  const stack = model.stack(of);
  const { setting } = resolveSetting(stack, model.workspace.merge, path);
  const says = new Map((setting?.says ?? []).map((say) => [say.layer, say]));
  const chain = stack
    .map((layer, index) => link(layer, says.get(index)))
    .filter((one) => one.slot !== builtInSlot || one.action !== undefined);
  const win = setting && winningSay(setting);
  const winner = win && stack[win.layer];
  return {
    context: of,
    value: setting?.value,
    winner: win && winner && link(winner, win),
    chain,
  };
}

function link({ slot, file }: StackLayer, say: Say | undefined): ChainLink {
  if (say === undefined) return { slot, file, action: undefined };
  return { slot, file, action: say.action, keyRange: say.keyRange, node: say.node };
}

/** An effective value on one line, as compact JSON; a placeholder as it is written in a layer. */
export function valueText(value: EffectiveValue | undefined): string {
  return value === undefined ? '(not set)' : effectiveJson(value, readableStyle);
}

/** What a layer gives, on one line. */
export function nodeText(node: LayerNode): string {
  if (node.kind === 'deleted') return '!deleted';
  const tag = node.kind === 'list' && node.replace ? '!replace ' : '';
  return tag + nodeJson(node, readableStyle);
}

/** Contexts in which a setting has the same value from the same place. */
export interface ExplanationGroup {
  labels: string[];
  explanations: Explanation[];
}

/** Folds equal explanations of one app together, in the order of the first of each. */
export function foldExplanations(explanations: readonly Explanation[]): ExplanationGroup[] {
  const groups = new Map<string, ExplanationGroup>();
  for (const one of explanations) {
    const place = one.winner ? `${one.winner.file}:${one.winner.keyRange?.start}` : '';
    const key = `${valueText(one.value)}\n${place}`;
    const group = groups.get(key) ?? { labels: [], explanations: [] };
    group.labels.push(contextLabel(one.context));
    group.explanations.push(one);
    groups.set(key, group);
  }
  return [...groups.values()];
}
