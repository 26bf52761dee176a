import { type Context, sameContext } from '../layers/context.ts';
import { mergeStack } from '../merge/merge.ts';
import type { Action, Setting } from '../merge/setting.ts';
import type { Model } from '../workspace/model.ts';
import type { Layer } from '../yaml/layer.ts';
import type { Entry, MappingNode } from '../yaml/tree.ts';
import type { Focus } from './focus.ts';
import { isAlias } from './settingAt.ts';

/** How a setting of a layer fares in the contexts of an app that read the layer. */
export interface Standing {
  path: readonly string[];
  entry: Entry;
  /** Where a higher layer takes the place of what this one gives. */
  overridden: Context[];
  /** Whether it takes the place of what lies below, in the context that is looked from. */
  overrides: boolean;
  /** An alias may repeat what stands here, so it may count elsewhere. */
  anchored: boolean;
}

/** All settings of a layer, outer ones first. */
export interface Standings {
  /** The contexts that read the layer, that which is looked from first. */
  contexts: Context[];
  settings: Standing[];
}

/** Merges every stack that reads the layer, each distinct one once, and looks up the layer's settings in them. */
export function standings(model: Model, layer: Layer, focus: Focus): Standings {
  const contexts = readingContexts(model, layer.file, focus);
  const merged = new Map<string, View>();
  const views = contexts.map((of) => {
    const stack = model.stack(of);
    const key = stack.map((one) => one.file).join('\n');
    const own = stack.findIndex((one) => one.file === layer.file);
    const view = merged.get(key) ?? { own, entries: mergeStack(stack, model.workspace.merge).root.entries };
    merged.set(key, view);
    return view;
  });
  const settings: Standing[] = [];
  visit({ layer, contexts, settings }, layer.root, views, { path: [], anchored: false });
  return { contexts, settings };
}

/** The contexts of a focus that load the file, the active one first if it does. */
export function readingContexts(model: Model, file: string, { contexts, active }: Focus): Context[] {
  const readers = model.readers(file);
  const reading = contexts.filter((of) => readers.some((one) => sameContext(one, of)));
  const isActive = (of: Context) => sameContext(of, active);
  return [...reading.filter(isActive), ...reading.filter((of) => !isActive(of))];
}

/** The settings of one context at the mapping that is visited. */
interface View {
  /** The layer's index in the stack. */
  own: number;
  entries: ReadonlyMap<string, Setting> | undefined;
}

interface Visit {
  layer: Layer;
  contexts: readonly Context[];
  settings: Standing[];
}

function visit(
  work: Visit,
  mapping: MappingNode,
  views: readonly View[],
  above: Pick<Standing, 'path' | 'anchored'>,
): void {
  for (const [key, entry] of mapping.entries) {
    if (entry.inherited) continue;
    const path = [...above.path, key];
    const anchored = above.anchored || hasAnchor(work.layer, entry);
    const found = views.map(({ own, entries }) => ({ own, setting: entries?.get(key) }));
    const overridden = work.contexts.filter((_, index) => isOverridden(found[index]));
    work.settings.push({ path, entry, overridden, overrides: doesOverride(found[0]), anchored });
    const { value } = entry;
    if (value.kind !== 'mapping' || isAlias(work.layer, value)) continue;
    const inside = found.map(({ own, setting }) => ({ own, entries: setting && entriesBelow(setting) }));
    visit(work, value, inside, { path, anchored });
  }
}

/** What is below a setting, also where it was taken away. */
function entriesBelow({ value, gone }: Setting): ReadonlyMap<string, Setting> | undefined {
  return value?.kind === 'mapping' ? value.entries : gone;
}

function hasAnchor({ text }: Layer, { keyRange, value }: Entry): boolean {
  return text.slice(keyRange.end, value.range.start).includes('&');
}

interface Found {
  own: number;
  setting: Setting | undefined;
}

function isOverridden(found: Found | undefined): boolean {
  const says = found?.setting?.says ?? [];
  return overriddenBy(says, ownIndex(found)) !== undefined;
}

function doesOverride(found: Found | undefined): boolean {
  const says = found?.setting?.says ?? [];
  // The lowest layer of a stack is Strata's own, which nobody can look up.
  const below = overriddenBelow(says, ownIndex(found));
  return below.some((say) => say.layer > 0);
}

function ownIndex(found: Found | undefined): number {
  return found?.setting?.says.findIndex((say) => say.layer === found.own) ?? -1;
}

interface Said {
  action: Action | undefined;
}

/** Merged mappings and appended lists add to what lies below; all else takes its place. */
function takesPlace({ action }: Said): boolean {
  return action === 'set' || action === 'replace' || action === 'delete' || action === 'require';
}

/**
 * The say that counts in the place of one below it; `undefined` where that still counts, has taken something away
 * or was refused. A placeholder is only overridden by a value: that is what it asks for.
 * @param says what was said of a setting, lowest layer first.
 * @param own the index of the say in question.
 */
export function overriddenBy<S extends Said>(says: readonly S[], own: number): S | undefined {
  const action = says[own]?.action;
  if (action === undefined || action === 'delete' || action === 'refused') return undefined;
  const later = says.slice(own + 1).filter((say) => say.action !== undefined && say.action !== 'refused');
  const last = later.at(-1);
  if (action === 'require' && (last?.action === 'require' || last?.action === 'delete')) return undefined;
  return later.some(takesPlace) ? last : undefined;
}

/** The says that one takes the place of, the nearest first; parameters as for `overriddenBy`. */
export function overriddenBelow<S extends Said>(says: readonly S[], own: number): S[] {
  const mine = says[own];
  if (mine === undefined || !takesPlace(mine)) return [];
  const below = says.slice(0, own).filter((say) => say.action !== undefined && say.action !== 'refused');
  return below.slice(below.findLastIndex((say) => say.action === 'delete') + 1).reverse();
}
