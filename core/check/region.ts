import { type Facts, field, flag, kindBits, stride } from '../index/facts.ts';
import type { Wants } from '../index/factTree.ts';
import type { PathTable } from '../index/pathTable.ts';
import type { Postings } from '../index/postings.ts';
import type { AppFinding } from './appCheck.ts';

/** The settings that have to be checked again because something changed. */
export interface Region {
  /** Settings to be looked at with all that lies below them. */
  whole: ReadonlySet<number>;
  /** Mappings of which the keys are looked at, but not what stands behind them. */
  keys: ReadonlySet<number>;
  /** The mappings on the way to both. */
  above: ReadonlySet<number>;
}

/** A region from its settings: what lies within another one is left out. */
export function regionOf(paths: PathTable, whole: Iterable<number>, keys: Iterable<number>): Region {
  const all = new Set(whole);
  const isWithin = (path: number) => {
    for (let at = path; at !== 0; at = paths.parent(at)) {
      if (all.has(paths.parent(at))) return true;
    }
    return false;
  };
  const topmost = new Set([...all].filter((path) => !isWithin(path)));
  const mappings = new Set([...keys].filter((path) => !topmost.has(path) && !isWithin(path)));
  const above = new Set<number>();
  for (const path of [...topmost, ...mappings]) {
    for (let at = paths.parent(path); at !== 0; at = paths.parent(at)) above.add(at);
  }
  for (const path of mappings) if (path !== 0) above.add(path);
  return { whole: topmost, keys: mappings, above };
}

/** Which parts of a layer lie in the region. */
export function wantsIn({ whole, keys, above }: Region): Wants {
  return (path, parent) => {
    if (whole.has(path)) return 'all';
    return above.has(path) || keys.has(parent) ? 'own' : 'none';
  };
}

/**
 * The files that have a say in the region. Mappings on the way to it say nothing of it, unless some layer has anything
 * else there: which of them is refused is then decided by all.
 */
export function speakersIn(region: Region, named: Postings): Set<string> {
  const files = new Set<string>();
  for (const path of [...region.whole, ...region.keys]) {
    for (const file of named.naming(path)) files.add(file);
  }
  for (const path of region.above) {
    if (named.isMappingInAll(path)) continue;
    for (const file of named.naming(path)) files.add(file);
  }
  return files;
}

/** Whether a finding is one of those that the region's check finds anew. */
export function isInRegion(region: Region, paths: PathTable, one: AppFinding): boolean {
  one.settingId ??= idsOf(paths, one.path ?? []).at(-1) ?? 0;
  const isTypo = one.code === 'likely-typo';
  const parent = paths.parent(one.settingId);
  // A key looks mistyped beside its neighbours, so they must have been looked at.
  if (isTypo && region.keys.has(parent)) return true;
  for (let id = isTypo ? parent : one.settingId; id !== 0; id = paths.parent(id)) {
    if (region.whole.has(id)) return true;
  }
  return false;
}

/** The numbers of the settings on the way to one, as far as there are any: what lies in a list has none. */
export function idsOf(paths: PathTable, path: readonly string[]): number[] {
  const ids: number[] = [];
  for (let length = 1; length <= path.length; length++) {
    const id = paths.find(path.slice(0, length));
    if (id === undefined) break;
    ids.push(id);
  }
  return ids;
}

/** What differs between what a layer named before and names now. */
export interface Difference {
  /** Settings that came, went, or have another type or value. */
  changed: Set<number>;
  /** Mappings of which keys came, went, changed their type or their order. */
  keys: Set<number>;
}

/** Compares the facts of a layer before and after a change; its places do not count. */
export function difference(paths: PathTable, before: Facts | undefined, now: Facts | undefined): Difference {
  const changed = new Set<number>();
  const keys = new Set<number>();
  const old = byPath(before);
  const fresh = byPath(now);
  for (const [path, at] of fresh) {
    const was = old.get(path);
    if (was === undefined || before === undefined || now === undefined) {
      changed.add(path);
      keys.add(paths.parent(path));
    } else if (kindAt(before, was) !== kindAt(now, at)) {
      changed.add(path);
      keys.add(paths.parent(path));
    } else if (valueAt(before, was) !== valueAt(now, at)) {
      changed.add(path);
    }
  }
  for (const path of old.keys()) {
    if (fresh.has(path)) continue;
    changed.add(path);
    keys.add(paths.parent(path));
  }
  for (const path of reordered(paths, old, fresh)) keys.add(path);
  return { changed, keys };
}

function byPath(facts: Facts | undefined): Map<number, number> {
  const places = new Map<number, number>();
  for (let at = 0; facts !== undefined && at < facts.length; at += stride) {
    places.set(facts[at + field.path] ?? 0, at);
  }
  return places;
}

function valueAt(facts: Facts, at: number): string {
  return `${facts[at + field.hash]} ${facts[at + field.hash2]}`;
}

function kindAt(facts: Facts, at: number): number {
  return (facts[at + field.kind] ?? 0) & (kindBits | flag.replace | flag.holdsAnchor | flag.shared);
}

/** The mappings whose keys stand in another order. */
function reordered(paths: PathTable, old: Map<number, number>, fresh: Map<number, number>): Set<number> {
  const found = new Set<number>();
  const last = new Map<number, number>();
  for (const path of fresh.keys()) {
    const place = old.get(path);
    if (place === undefined) continue;
    const parent = paths.parent(path);
    if (place < (last.get(parent) ?? -1)) found.add(parent);
    last.set(parent, place);
  }
  return found;
}
