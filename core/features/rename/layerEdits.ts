import { applyEdits, type FileEdit } from '../../text/edits.ts';
import type { YamlVersion } from '../../workspace/workspace.ts';
import type { Layer } from '../../yaml/layer.ts';
import { parseText } from '../../yaml/parse.ts';
import type { LayerNode } from '../../yaml/tree.ts';
import { type WrittenKey, writtenKeys } from '../../yaml/writtenKeys.ts';
import { renamedPart } from '../../yaml/writtenName.ts';
import { entriesOn } from './affected.ts';
import { type OrRefusal, refuse } from './refusal.ts';

/** The edits that rename a setting in one layer that names it; refused where they would change anything else. */
export function layerEdits(
  layer: Layer,
  path: readonly string[],
  newName: string,
  version: YamlVersion,
): OrRefusal<{ edits: FileEdit[] }> {
  const { file, text, root } = layer;
  const name = path.join('.');
  const inherited = entriesOn(root, path).find((entry) => entry.inherited);
  if (inherited) return refuse(`\`${name}\` comes through \`<<\` from here`, file, inherited.keyRange);
  const { keys, repeated } = writtenKeys(file, text, version);
  const named = keys.filter((key) => key.path.length === path.length && samePath(key.path, path));
  if (named.length === 0) {
    const range = entriesOn(root, path).at(-1)?.keyRange ?? root.range;
    return refuse(`\`${name}\` comes through an alias of what stands here`, file, range);
  }
  const edits: FileEdit[] = [];
  for (const key of named) {
    const anchor = key.anchors.find((one) => repeated.has(one));
    if (anchor !== undefined) {
      return refuse(`an alias repeats \`&${anchor}\`, in which \`${name}\` stands`, file, startOf(key));
    }
    if (key.name === undefined)
      return refuse('this key is written in a way that cannot be edited', file, startOf(key));
    edits.push({ file, ...renamedPart(key.name, key.part, newName, key.flow) });
  }
  const after = parseText(file, applyEdits(text, edits), version).root;
  if (shapeText(after) === shapeText(root, path, newName)) return { edits };
  return refuse(`renaming \`${name}\` would change more than its name in this file`, file, edits[0]?.range);
}

function startOf({ start }: WrittenKey) {
  return { start, end: start };
}

function samePath(one: readonly string[], other: readonly string[]): boolean {
  return one.every((part, index) => part === other[index]);
}

/** All that a node says, without its places; with one setting under another name. */
function shapeText(node: LayerNode, path: readonly string[] = [], newName = ''): string {
  return JSON.stringify(shape(node, path, newName));
}

function shape(node: LayerNode, path: readonly string[], newName: string): unknown {
  switch (node.kind) {
    case 'mapping': {
      const [first, ...rest] = path;
      const entries = [...node.entries].map(([key, { value }]) => {
        if (key !== first) return [key, shape(value, [], '')];
        return rest.length === 0 ? [newName, shape(value, [], '')] : [key, shape(value, rest, newName)];
      });
      return ['mapping', entries];
    }
    case 'list':
      return ['list', node.replace, node.items.map((item) => shape(item, [], ''))];
    case 'missing':
      return ['missing', node.reason];
    case 'deleted':
      return ['deleted'];
    default:
      return [node.kind, String(node.value)];
  }
}
