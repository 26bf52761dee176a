import type { LayerNode } from '../yaml/tree.ts';

/** Two hashes at once (FNV-1a with two primes, http://www.isthe.com/chongo/tech/comp/fnv/). */
interface Hasher {
  one: number;
  other: number;
}

const primes = { one: 0x01000193, other: 0x5bd1e995 } as const;

/**
 * A hash of what a node says, as two numbers of 32 bits: equal nodes have equal hashes, and so rarely do others (once
 * in 2⁶⁴ pairs) that nodes are taken for equal by it. The order of keys counts, their places and comments do not.
 */
export function hashNode(node: LayerNode): readonly [number, number] {
  const hasher = start();
  mixNode(hasher, node);
  return [hasher.one, hasher.other];
}

/** A hash of a text: of two different texts hardly ever the same. */
export function hashText(text: string): number {
  const hasher = start();
  mixText(hasher, text);
  return hasher.one;
}

function start(): Hasher {
  return { one: 0x811c9dc5 | 0, other: 0x9747b28c | 0 };
}

function mixNode(hasher: Hasher, node: LayerNode): void {
  mixText(hasher, node.kind);
  switch (node.kind) {
    case 'mapping':
      for (const [key, { value }] of node.entries) {
        mixText(hasher, key);
        mixNode(hasher, value);
      }
      mixText(hasher, '}');
      break;
    case 'list':
      mixText(hasher, node.replace ? '!' : '');
      for (const item of node.items) mixNode(hasher, item);
      mixText(hasher, ']');
      break;
    case 'missing':
      mixText(hasher, node.reason);
      break;
    case 'deleted':
      break;
    case 'float':
      mixText(hasher, Object.is(node.value, -0) ? '-0' : String(node.value));
      break;
    default:
      mixText(hasher, String(node.value));
  }
}

function mixText(hasher: Hasher, text: string): void {
  let { one, other } = hasher;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, primes.one);
    other = Math.imul(other ^ unit, primes.other);
  }
  hasher.one = Math.imul(one ^ text.length, primes.one);
  hasher.other = Math.imul(other ^ text.length, primes.other) ^ (other >>> 15);
}
