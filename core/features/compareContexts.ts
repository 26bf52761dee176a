import {
  type EffectiveMapping,
  type EffectiveValue,
  type Setting,
  type StackLayer,
  winningSay,
} from '../merge/setting.ts';
import type { Range } from '../text/range.ts';
import type { Entry, LayerNode } from '../yaml/tree.ts';

/** One of two configurations that are compared: its layers, and what they give together. */
export interface ComparedSide {
  stack: readonly StackLayer[];
  root: EffectiveMapping;
}

/** A setting that is not the same on both sides. */
export interface Change {
  setting: string[];
  kind: 'added' | 'removed' | 'changed';
  left?: ComparedValue;
  right?: ComparedValue;
}

/** What one side has. */
export interface ComparedValue {
  value: EffectiveValue;
  /** The layer that wins; empty for what Strata itself gives. */
  file: string;
  keyRange: Range;
}

/**
 * What differs between two configurations, in the order of the left one, with what only the right one has at the end of each
 * mapping. Mappings are compared key by key, lists and all else as a whole; the order of keys does not count.
 */
export function compareContexts(left: ComparedSide, right: ComparedSide): Change[] {
  const changes: Change[] = [];
  const sides = { left, right };
  compareMappings(sides, left.root, right.root, [], changes);
  return changes;
}

interface Sides {
  left: ComparedSide;
  right: ComparedSide;
}

const nothing: EffectiveMapping = { kind: 'mapping', entries: new Map() };

function compareMappings(
  sides: Sides,
  left: EffectiveMapping,
  right: EffectiveMapping,
  above: readonly string[],
  changes: Change[],
): void {
  for (const key of new Set([...left.entries.keys(), ...right.entries.keys()])) {
    const path = [...above, key];
    const [one, other] = [left.entries.get(key), right.entries.get(key)];
    const [before, after] = [branch(one, other), branch(other, one)];
    if (before !== undefined && after !== undefined) compareMappings(sides, before, after, path, changes);
    else compareValues(sides, one, other, path, changes);
  }
}

/** The mapping that a setting is, or the lack of one where the other side has a mapping that holds something. */
function branch(setting: Setting | undefined, other: Setting | undefined): EffectiveMapping | undefined {
  if (setting?.value?.kind === 'mapping') return setting.value;
  const isLack = setting?.value === undefined && other?.value?.kind === 'mapping';
  return isLack && holdsSomething(other.value) ? nothing : undefined;
}

function holdsSomething(value: EffectiveValue | undefined): boolean {
  return value?.kind === 'mapping' && [...value.entries.values()].some((one) => one.value !== undefined);
}

function compareValues(
  { left, right }: Sides,
  one: Setting | undefined,
  other: Setting | undefined,
  setting: string[],
  changes: Change[],
): void {
  const [before, after] = [comparedValue(left, one), comparedValue(right, other)];
  if (before === undefined) {
    if (after !== undefined) changes.push({ setting, kind: 'added', right: after });
  } else if (after === undefined) {
    changes.push({ setting, kind: 'removed', left: before });
  } else if (!isSame(before.value, after.value)) {
    changes.push({ setting, kind: 'changed', left: before, right: after });
  }
}

function comparedValue({ stack }: ComparedSide, setting: Setting | undefined): ComparedValue | undefined {
  const say = setting && winningSay(setting);
  if (setting?.value === undefined || say === undefined) return undefined;
  return { value: setting.value, file: stack[say.layer]?.file ?? '', keyRange: say.keyRange };
}

/** Of two mappings only those without a key come here. */
function isSame(one: EffectiveValue, other: EffectiveValue): boolean {
  if (one.kind === 'mapping' || other.kind === 'mapping') return one.kind === other.kind;
  if (one.kind !== 'list' || other.kind !== 'list') {
    return one.kind !== 'list' && other.kind !== 'list' && sameNode(one.node, other.node);
  }
  return sameNodes(
    one.items.map((item) => item.node),
    other.items.map((item) => item.node),
  );
}

function sameNodes(some: readonly LayerNode[], others: readonly LayerNode[]): boolean {
  return (
    some.length === others.length &&
    some.every((node, index) => {
      const other = others[index];
      return other !== undefined && sameNode(node, other);
    })
  );
}

function sameNode(one: LayerNode, other: LayerNode): boolean {
  if (one.kind === 'list') return other.kind === 'list' && sameNodes(one.items, other.items);
  if (one.kind === 'mapping') return other.kind === 'mapping' && sameEntries(one.entries, other.entries);
  if (one.kind === 'missing') return other.kind === 'missing' && one.reason === other.reason;
  if (one.kind === 'deleted' || other.kind !== one.kind) return one.kind === other.kind;
  return Object.is(one.value, other.value);
}

function sameEntries(one: ReadonlyMap<string, Entry>, other: ReadonlyMap<string, Entry>): boolean {
  const [some, others] = [givenIn(one), givenIn(other)];
  return (
    some.size === others.size &&
    [...some].every(([key, node]) => {
      const there = others.get(key);
      return there !== undefined && sameNode(node, there);
    })
  );
}

function givenIn(entries: ReadonlyMap<string, Entry>): Map<string, LayerNode> {
  const given = [...entries].filter(([, { value }]) => value.kind !== 'deleted');
  return new Map(given.map(([key, { value }]) => [key, value]));
}
