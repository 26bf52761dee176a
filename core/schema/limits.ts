import type { LayerNode } from '../yaml/tree.ts';

/**
 * Whether an integer that no number is exact for really breaks a limit: JavaScript compares a bigint with a number
 * exactly.
 */
export function isBeyond(
  value: bigint,
  keyword: string,
  { node, schema }: { node: LayerNode; schema: LayerNode },
): boolean {
  if (node.kind !== 'integer' && node.kind !== 'float') return false;
  const limit = node.value;
  switch (keyword) {
    case 'minimum':
      return isFlag(schema, 'exclusiveMinimum') ? value <= limit : value < limit;
    case 'maximum':
      return isFlag(schema, 'exclusiveMaximum') ? value >= limit : value > limit;
    case 'exclusiveMinimum':
      return value <= limit;
    case 'exclusiveMaximum':
      return value >= limit;
    case 'multipleOf':
      return !isMultiple(value, limit);
    default:
      return false;
  }
}

function isFlag(schema: LayerNode, keyword: string): boolean {
  const flag = schema.kind === 'mapping' ? schema.entries.get(keyword)?.value : undefined;
  return flag?.kind === 'boolean' && flag.value;
}

/** Of a fraction that is no integer nobody asks multiples that large: the benefit of the doubt. */
function isMultiple(value: bigint, of: bigint | number): boolean {
  if (typeof of === 'number' && !Number.isInteger(of)) return true;
  const divisor = BigInt(of);
  return divisor === 0n || value % divisor === 0n;
}
