import type { LayerNode } from './tree.ts';

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/** A node as plain JavaScript data, for readers that know no layers: placeholders become null. */
export function plainValue(node: LayerNode): Plain {
  switch (node.kind) {
    case 'mapping':
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plainValue(entry.value)]));
    case 'list':
      return node.items.map(plainValue);
    case 'integer':
      return Number(node.value);
    case 'missing':
    case 'deleted':
      return null;
    default:
      return node.value;
  }
}
