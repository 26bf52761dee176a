import type { LayerNode } from '../tree.ts';

/** Settings to leave out of a shape, by their keys. */
type Without = readonly (readonly string[])[];

/**
 * All that a node says, without its places. Some settings are left out, and with them what would be empty without them.
 */
export function shapeText(node: LayerNode, without: Without = []): string {
  return JSON.stringify(shape(node, without));
}

function shape(node: LayerNode, without: Without): unknown {
  switch (node.kind) {
    case 'mapping': {
      const entries = [...node.entries].flatMap(([key, { value }]) => {
        const below = without.filter((path) => path[0] === key).map((path) => path.slice(1));
        if (below.some((path) => path.length === 0)) return [];
        const inner = shape(value, below);
        return below.length > 0 && isNothing(value, inner) ? [] : [[key, inner]];
      });
      return ['mapping', entries];
    }
    case 'list':
      return ['list', node.replace, node.items.map((item) => shape(item, []))];
    case 'missing':
      return ['missing', node.reason];
    case 'deleted':
      return ['deleted'];
    default:
      return [node.kind, Object.is(node.value, -0) ? '-0' : String(node.value)];
  }
}

/** A mapping of which nothing is left, or a key with nothing behind it. */
function isNothing(node: LayerNode, inner: unknown): boolean {
  return node.kind === 'null' || (node.kind === 'mapping' && JSON.stringify(inner) === '["mapping",[]]');
}
