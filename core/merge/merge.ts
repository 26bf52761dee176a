import type { Problem } from '../problem.ts';
import type { MergePolicy } from '../workspace/workspace.ts';
import type { Entry, LayerNode, MappingNode } from '../yaml/tree.ts';
import { typeMismatch } from './mismatch.ts';
import {
  type Action,
  type EffectiveMapping,
  type EffectiveValue,
  effectiveList,
  type Say,
  type Setting,
  type StackLayer,
} from './setting.ts';

/** The effective configuration of a stack, with the provenance of every part of it. */
export interface Merged {
  root: EffectiveMapping;
  /** The mismatches, in the order in which the merge met them. */
  problems: Problem[];
}

interface Work {
  stack: readonly StackLayer[];
  policy: MergePolicy;
  problems: Problem[];
}

/** Where in the stack the merge is: which layer speaks, and of which mapping. */
interface Spot {
  layer: number;
  /** The key of the mapping, and where that stands; none for the root. */
  key?: string;
  up?: Spot;
}

/**
 * Merges the layers of a stack, lowest first. A layer whose type does not fit is refused for that setting,
 * and the merge goes on. Follows `merge_dicts` of yoconfigurator's dicts.py.
 * @param roots what each layer of the stack says; its own root, or a part of it.
 */
export function mergeStack(
  stack: readonly StackLayer[],
  policy: MergePolicy,
  roots: readonly MappingNode[] = stack.map((one) => one.layer.root),
): Merged {
  const work: Work = { stack, policy, problems: [] };
  const root: EffectiveMapping = { kind: 'mapping', entries: new Map() };
  for (const [layer, node] of roots.entries()) mergeMapping(work, root, node, { layer });
  return { root, problems: work.problems };
}

function mergeMapping(work: Work, lower: EffectiveMapping, higher: MappingNode, spot: Spot): void {
  for (const [key, entry] of higher.entries) {
    const setting = lower.entries.get(key);
    if (entry.value.kind === 'deleted') {
      if (setting !== undefined) deleteSetting(setting, entry, spot.layer);
      else lower.entries.set(key, { value: undefined, says: [said(spot.layer, 'delete', entry)] });
    } else if (setting === undefined) {
      const fresh: Setting = { value: undefined, says: [given(entry, spot)] };
      lower.entries.set(key, fresh);
      fresh.value = newValue(work, fresh, key, entry.value, spot);
    } else if (setting.value === undefined) {
      // A key that comes back after it was taken away stands last, as a new one does.
      lower.entries.delete(key);
      lower.entries.set(key, setting);
      give(work, setting, key, entry, spot);
    } else {
      override(work, setting, setting.value, key, entry, spot);
    }
  }
}

/** A higher layer speaks of a setting that has a value. */
function override(
  work: Work,
  setting: Setting,
  lower: EffectiveValue,
  key: string,
  entry: Entry,
  spot: Spot,
): void {
  const { value: node } = entry;
  if (lower.kind === 'mapping' && node.kind === 'mapping') {
    setting.says.push(said(spot.layer, 'merge', entry));
    mergeMapping(work, lower, node, below(spot, key));
  } else if (lower.kind === 'list' && node.kind === 'list') {
    const append = work.policy.lists === 'append' && !node.replace;
    setting.says.push(said(spot.layer, append ? 'append' : 'replace', entry));
    const own = { list: node, layer: spot.layer };
    setting.value = effectiveList(append ? [...lower.parts, own] : [own]);
  } else if (mayReplace(work.policy, lower, node)) {
    if (lower.kind === 'mapping') deleteBelow(setting, lower, entry, spot.layer);
    give(work, setting, key, entry, spot);
  } else {
    const at = { layer: spot.layer, path: pathOf(below(spot, key)) };
    work.problems.push(typeMismatch(work.stack, setting, lower, entry, at));
    setting.says.push(said(spot.layer, 'refused', entry));
  }
}

function mayReplace(policy: MergePolicy, lower: EffectiveValue, node: LayerNode): boolean {
  const open = lower.kind === 'missing' || lower.kind === 'null';
  return open || lower.kind === node.kind || policy.types === 'lenient';
}

/** The entry's value becomes the setting's; what was said before of it and of all below it stays known. */
function give(work: Work, setting: Setting, key: string, entry: Entry, spot: Spot): void {
  setting.says.push(given(entry, spot));
  setting.value = newValue(work, setting, key, entry.value, spot);
}

function newValue(
  work: Work,
  setting: Setting,
  key: string,
  node: LayerNode,
  spot: Spot,
): EffectiveValue | undefined {
  switch (node.kind) {
    case 'deleted':
      return undefined;
    case 'mapping': {
      const mapping: EffectiveMapping = { kind: 'mapping', entries: setting.gone ?? new Map() };
      mergeMapping(work, mapping, node, below(spot, key));
      return mapping;
    }
    case 'list':
      return effectiveList([{ list: node, layer: spot.layer }]);
    case 'missing':
      return { kind: 'missing', node, layer: spot.layer };
    default:
      return { kind: node.kind, node, layer: spot.layer };
  }
}

/** Takes a setting away, and with it all settings below. */
function deleteSetting(setting: Setting, entry: Entry, layer: number): void {
  setting.says.push(said(layer, 'delete', entry));
  if (setting.value?.kind === 'mapping') deleteBelow(setting, setting.value, entry, layer);
  setting.value = undefined;
}

function deleteBelow(setting: Setting, mapping: EffectiveMapping, entry: Entry, layer: number): void {
  setting.gone = mapping.entries;
  for (const one of mapping.entries.values()) deleteSetting(one, entry, layer);
}

function given(entry: Entry, { layer }: Spot): Say {
  return said(layer, entry.value.kind === 'missing' ? 'require' : 'set', entry);
}

function said(layer: number, action: Action, entry: Entry): Say {
  return { layer, action, keyRange: entry.keyRange, node: entry.value };
}

function below(spot: Spot, key: string): Spot {
  return { layer: spot.layer, key, up: spot };
}

function pathOf(spot: Spot): string[] {
  const path: string[] = [];
  for (let at: Spot | undefined = spot; at?.key !== undefined; at = at.up) path.unshift(at.key);
  return path;
}
