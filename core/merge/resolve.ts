import type { Problem } from '../problem.ts';
import type { MergePolicy } from '../workspace/workspace.ts';
import { emptyMapping, type MappingNode } from '../yaml/tree.ts';
import { mergeStack } from './merge.ts';
import type { Setting, StackLayer } from './setting.ts';

/**
 * Resolves one setting over a stack without merging the rest: each layer gives only its part on the way to
 * the setting, so the cost is a look-up in each layer.
 * @returns the setting, `undefined` if no layer speaks of it, and the mismatches on the way and below.
 */
export function resolveSetting(
  stack: readonly StackLayer[],
  policy: MergePolicy,
  path: readonly string[],
): { setting: Setting | undefined; problems: Problem[] } {
  const parts = stack.map((one) => partOnTheWay(one.layer.root, path));
  const { root, problems } = mergeStack(stack, policy, parts);
  return { setting: settingAtPath(root.entries, path), problems };
}

/** Walks down a merged mapping; goes through what was taken away as well. */
export function settingAtPath(
  entries: ReadonlyMap<string, Setting>,
  path: readonly string[],
): Setting | undefined {
  const [key, ...rest] = path;
  const setting = key === undefined ? undefined : entries.get(key);
  if (setting === undefined || rest.length === 0) return setting;
  const below = setting.value?.kind === 'mapping' ? setting.value.entries : setting.gone;
  return below && settingAtPath(below, rest);
}

/** The mapping cut down to the entries that lie on the path. */
function partOnTheWay(root: MappingNode, path: readonly string[]): MappingNode {
  const [key, ...rest] = path;
  const part = emptyMapping(root.range);
  const entry = key === undefined ? undefined : root.entries.get(key);
  if (key === undefined || entry === undefined) return part;
  const { value } = entry;
  const cut = value.kind === 'mapping' && rest.length > 0 ? partOnTheWay(value, rest) : value;
  part.entries.set(key, cut === value ? entry : { ...entry, value: cut });
  return part;
}
