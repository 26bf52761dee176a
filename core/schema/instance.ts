import type { EffectiveMapping, EffectiveValue } from '../merge/setting.ts';
import { type Plain, plainValue } from '../yaml/plain.ts';
import type { LayerNode } from '../yaml/tree.ts';
import { wellFormed } from './plainSchema.ts';

/** An effective configuration as plain data. A placeholder is null, an integer beyond 2^53 the nearest number. */
export function plainConfiguration(root: EffectiveMapping): Plain {
  return wellFormed(plainEffective(root));
}

function plainEffective(value: EffectiveValue): Plain {
  if (value.kind === 'list') return value.items.map(({ node }) => plainElement(node));
  if (value.kind !== 'mapping') return plainValue(value.node);
  const given = [...value.entries].flatMap(([key, setting]) =>
    setting.value === undefined ? [] : [[key, plainEffective(setting.value)] as const],
  );
  return Object.fromEntries(given);
}

/** Within an element of a list, what is taken away is left out. */
function plainElement(node: LayerNode): Plain {
  if (node.kind === 'list') return node.items.map(plainElement);
  if (node.kind !== 'mapping') return plainValue(node);
  const given = [...node.entries].filter(([, { value }]) => value.kind !== 'deleted');
  return Object.fromEntries(given.map(([key, { value }]) => [key, plainElement(value)]));
}

/**
 * Whether a value holds what plain data cannot say: a placeholder, or an integer that no number is exact for. What the
 * validator says of such a value as a whole is not to be trusted.
 */
export function isUncertain(value: EffectiveValue | LayerNode | undefined): boolean {
  if (value === undefined) return false;
  if (value.kind === 'mapping') return [...value.entries.values()].some((one) => isUncertain(one.value));
  if (value.kind === 'list') {
    return value.items.some((item) => isUncertain('layer' in item ? item.node : item));
  }
  return value.kind === 'missing' || exactInteger(value) !== undefined;
}

/** An integer that no JavaScript number is exact for. */
export function exactInteger(value: EffectiveValue | LayerNode | undefined): bigint | undefined {
  const node = value !== undefined && 'node' in value ? value.node : value;
  if (node?.kind !== 'integer') return undefined;
  return Number.isSafeInteger(Number(node.value)) ? undefined : node.value;
}
