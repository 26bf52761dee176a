import { holdsAnchor } from '../index/facts.ts';
import type { EffectiveMapping, Say, Setting, StackLayer } from '../merge/setting.ts';
import { type Problem, problem } from '../problem.ts';
import type { Entry, LayerNode, ListNode } from '../yaml/tree.ts';

/**
 * What a layer of a stack says and what lies below says already: the same scalar, the same list with
 * `!replace`, an empty list that is appended. It holds for this stack alone; what is to be told is what holds in
 * every context that reads the layer. A `!deleted` of nothing is none: it is how an environment says that it goes
 * without.
 */
export function redundantOverrides(stack: readonly StackLayer[], root: EffectiveMapping): Problem[] {
  const problems: Problem[] = [];
  visit(root.entries, [], (path, say, lower) => {
    const layer = stack[say.layer];
    const file = stack[lower.layer]?.file;
    // The lowest layer is Strata's own, without a file.
    if (!layer || !file || say.node.known?.isShared || anchors(layer, say)) return;
    const range = { start: say.keyRange.start, end: Math.max(say.keyRange.end, say.node.range.end) };
    const related = [{ message: 'given below', file, range: lower.keyRange }];
    const more = { path: [...path], related, unnecessary: true } as const;
    problems.push(problem('redundant-override', { file: layer.file, range }, messageFor(say), more));
  });
  return problems;
}

type Found = (path: readonly string[], say: Say, lower: Say) => void;

function visit(entries: ReadonlyMap<string, Setting>, path: string[], found: Found): void {
  for (const [key, setting] of entries) {
    // Where one layer spoke alone, nobody spoke below either.
    if (setting.says.length < 2) continue;
    path.push(key);
    findRepeats(setting.says, path, found);
    const inside = setting.value?.kind === 'mapping' ? setting.value.entries : setting.gone;
    if (inside !== undefined) visit(inside, path, found);
    path.pop();
  }
}

/** Goes through the says with the value as it stands before each. */
function findRepeats(says: readonly Say[], path: readonly string[], found: Found): void {
  let lower: Say | undefined;
  let lists: readonly ListNode[] = [];
  for (const say of says) {
    if (say.action === 'refused' || say.action === 'merge') continue;
    if (lower !== undefined && repeats(say, lower, lists)) found(path, say, lower);
    const { node } = say;
    if (node.kind === 'list') lists = say.action === 'append' ? [...lists, node] : [node];
    lower = say.action === 'delete' ? undefined : say;
  }
}

function repeats({ action, node }: Say, lower: Say, lists: readonly ListNode[]): boolean {
  if (action === 'append') return node.kind === 'list' && (node.known?.isEmpty ?? node.items.length === 0);
  if (action === 'replace') {
    return (
      node.kind === 'list' &&
      sameNodes(
        node.items,
        lists.flatMap((one) => one.items),
      )
    );
  }
  return action === 'set' && node.kind !== 'mapping' && node.kind !== 'list' && sameNode(node, lower.node);
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
  if (one.kind === 'missing' || one.kind === 'deleted') return false;
  const [known, others] = [one.known, other.known];
  if (known !== undefined && others !== undefined && one.kind !== 'mapping') {
    return one.kind === other.kind && known.hash === others.hash && known.hash2 === others.hash2;
  }
  if (one.kind === 'list') return other.kind === 'list' && sameNodes(one.items, other.items);
  if (one.kind === 'mapping') return other.kind === 'mapping' && sameEntries(one.entries, other.entries);
  return one.kind === other.kind && 'value' in other && Object.is(one.value, other.value);
}

function sameEntries(one: ReadonlyMap<string, Entry>, other: ReadonlyMap<string, Entry>): boolean {
  const keys = [...other.keys()];
  return (
    one.size === other.size &&
    [...one.keys()].every((key, index) => key === keys[index]) &&
    sameNodes(
      [...one.values()].map((entry) => entry.value),
      [...other.values()].map((entry) => entry.value),
    )
  );
}

/** An alias elsewhere in the file may need what stands here. */
function anchors({ layer }: StackLayer, { keyRange, node }: Say): boolean {
  return node.known?.holdsAnchor ?? holdsAnchor(layer.text, keyRange.end, node.range.end);
}

function messageFor(say: Say): string {
  return say.action === 'append'
    ? 'an empty list adds nothing to the list below (`!replace []` would empty it)'
    : 'the layers below give this value already: without it nothing changes';
}
