import type { Range } from '../text/range.ts';
import { type Conversion, maxDepth, nothing, refuse, tooDeep } from './conversion.ts';
import type { LayerNode } from './tree.ts';

/**
 * How many values aliases may stand for in one layer, beyond what is written out (an alias bomb's fuse). A long
 * text counts as one more value for every hundred characters.
 */
export const maxAliasedValues = 100_000;

/** Reads the node of an anchor, and remembers it with its size. */
export function rememberAnchor(work: Conversion, name: string, read: () => LayerNode): LayerNode {
  const { values, depth, deepest } = work;
  work.anchors.set(name, undefined);
  work.deepest = depth;
  const result = read();
  work.anchors.set(name, { node: result, values: work.values - values, height: work.deepest - depth });
  work.deepest = Math.max(deepest, work.deepest);
  return result;
}

/** What an alias stands for: the same node, at the alias's place. A loop, a bomb or an unknown name is a problem. */
export function convertAlias(work: Conversion, name: string, range: Range): LayerNode {
  const target = work.anchors.get(name);
  if (!work.anchors.has(name)) return refuse(work, range, `no anchor \`&${name}\` stands before this alias`);
  if (target === undefined) return refuse(work, range, `\`*${name}\` stands inside of what it repeats`);
  if (work.depth + target.height > maxDepth) return refuse(work, range, tooDeep);
  // Told once: every further alias in such a file is one too many as well.
  if (work.aliasedValues > maxAliasedValues) return nothing(range);
  work.aliasedValues += target.values;
  if (work.aliasedValues > maxAliasedValues) {
    const message = `aliases stand for more than ${maxAliasedValues} values here: write the values out`;
    return refuse(work, range, message);
  }
  work.values += target.values;
  work.deepest = Math.max(work.deepest, work.depth + target.height);
  return { ...target.node, range };
}
