import type { Context } from '../layers/context.ts';
import { cutTo, type Wanted, want } from '../merge/cut.ts';
import { mergeStack } from '../merge/merge.ts';
import type { StackLayer } from '../merge/setting.ts';
import type { Problem } from '../problem.ts';
import type { MergePolicy } from '../workspace/workspace.ts';
import type { LayerNode, MappingNode } from '../yaml/tree.ts';
import type { Finding } from './lint.ts';
import { redundantOverrides } from './redundantOverride.ts';

/** Collects the problems that count only where they hold in every context that reads their file. */
export interface Everywhere {
  /** What one context has of them; each context that is looked at must be told, with its whole stack. */
  add(of: Context, stack: readonly StackLayer[], problems: readonly Problem[]): void;
  /**
   * Takes redundant overrides out that are none in a further context, which is merged for these settings alone.
   * To be called when the contexts of the app have been added.
   */
  confirm(stack: readonly StackLayer[], policy: MergePolicy): void;
  /** What held everywhere, with the contexts that were added. */
  findings(): Finding[];
}

interface Reading {
  layer: StackLayer['layer'];
  /** How many of the added contexts read the file. */
  contexts: number;
  candidates: Map<string, Finding>;
}

export function everywhere(): Everywhere {
  const readings = new Map<string, Reading>();
  const confirmed = new Set<string>();
  return {
    add(of, stack, problems) {
      for (const { file, layer } of stack) {
        const known = readings.get(file);
        if (known === undefined) readings.set(file, { layer, contexts: 1, candidates: new Map() });
        else known.contexts++;
      }
      for (const one of problems) addCandidate(readings, one, of);
    },
    confirm(stack, policy) {
      const open = unconfirmed(readings, stack, confirmed);
      if (open.length === 0) return;
      const wanted: Wanted = new Map();
      for (const { setting } of open.flatMap(redundantOf)) want(wanted, setting?.split('.') ?? []);
      const parts = stack.map((one) => cutTo(one.layer.root, wanted));
      const { root } = mergeStack(stack, policy, parts);
      const there = new Set(redundantOverrides(stack, root).map((one) => one.file + keyOf(one)));
      for (const reading of open) {
        for (const one of redundantOf(reading)) {
          if (!there.has(one.file + keyOf(one))) reading.candidates.delete(keyOf(one));
        }
      }
    },
    findings: () => [...readings.values()].flatMap(survivors),
  };
}

function addCandidate(readings: ReadonlyMap<string, Reading>, one: Problem, of: Context): void {
  const reading = readings.get(one.file);
  const key = keyOf(one);
  const known = reading?.candidates.get(key);
  if (known === undefined) {
    // What the first context of a file has not is not everywhere.
    if (reading?.contexts === 1) reading.candidates.set(key, { ...one, contexts: [of] });
  } else if (known.contexts.at(-1) !== of) {
    known.contexts.push(of);
    addRelated(known, one);
  }
}

/** Joins the related places of the same problem in another context. */
export function addRelated(known: Problem, one: Problem): void {
  for (const place of one.related) {
    const same = known.related.some(
      ({ file, range }) => file === place.file && range.start === place.range.start,
    );
    if (!same) known.related = [...known.related, place];
  }
}

function keyOf({ code, range }: Problem): string {
  return `${code} ${range.start}`;
}

function redundantOf(reading: Reading): Finding[] {
  return alive(reading).filter((one) => one.code === 'redundant-override');
}

function alive({ contexts, candidates }: Reading): Finding[] {
  return [...candidates.values()].filter((one) => one.contexts.length === contexts);
}

/** The stack's files with candidates, as far as they have not been looked at over the same layers below. */
function unconfirmed(
  readings: ReadonlyMap<string, Reading>,
  stack: readonly StackLayer[],
  confirmed: Set<string>,
): Reading[] {
  let below = '';
  return stack.flatMap(({ file }) => {
    below += `\n${file}`;
    if (confirmed.has(below)) return [];
    confirmed.add(below);
    const reading = readings.get(file);
    return reading !== undefined && redundantOf(reading).length > 0 ? [reading] : [];
  });
}

function survivors(reading: Reading): Finding[] {
  const found = alive(reading);
  if (found.length === 0) return found;
  const shared = sharedKeys(reading.layer.root);
  // Aliases and `<<` read the same place for several settings: what holds for one may not hold for the others.
  return found.filter((one) => !shared.has(one.range.start));
}

/** Where keys stand that give more than one setting. */
function sharedKeys(root: MappingNode): Set<number> {
  const seen = new Set<number>();
  const shared = new Set<number>();
  const visit = (node: LayerNode): void => {
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind !== 'mapping') return;
    for (const { keyRange, value } of node.entries.values()) {
      (seen.has(keyRange.start) ? shared : seen).add(keyRange.start);
      visit(value);
    }
  };
  visit(root);
  return shared;
}
