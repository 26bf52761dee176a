import type { Facts } from '../index/facts.ts';
import type { AppStacks } from './appStacks.ts';
import { difference } from './region.ts';
import type { ChangedSettings, CheckState } from './state.ts';

/** What changed in a file that does not parse just now. */
export interface Held extends ChangedSettings {
  /** What it named when it was sound. */
  sound: Facts | undefined;
  /** Something was checked meanwhile with what it names now. */
  isUsed: boolean;
}

/**
 * Whether a file does not parse that was sound before: somebody is typing in it. What would follow elsewhere from what
 * it says now is told when it is sound again.
 */
export function isHalfTyped({ broken, partial }: CheckState, file: string): boolean {
  return broken.has(file) && !partial.has(file);
}

/**
 * Notes what changed in a file. What a text says that was sound a moment ago is half-typed: what would follow from it
 * elsewhere is told when it is sound again, and differs from what it said then.
 */
export function noteChanged(
  state: CheckState,
  file: string,
  before: Facts | undefined,
  now: Facts | undefined,
): void {
  const { unfinished, held, model } = state;
  const waiting = held.get(file);
  if (isHalfTyped(state, file)) {
    const noted = waiting ?? { whole: new Set(), keys: new Set(), sound: before, isUsed: false };
    held.set(file, noted);
    add(noted, difference(model.store.paths, before, now));
    return;
  }
  held.delete(file);
  // Nobody has seen what it said in between.
  const last = waiting === undefined || waiting.isUsed ? before : waiting.sound;
  add(unfinished, difference(model.store.paths, last, now));
  if (waiting?.isUsed) add(unfinished, { changed: waiting.whole, keys: waiting.keys });
}

function add(
  to: ChangedSettings,
  { changed, keys }: { changed: Iterable<number>; keys: Iterable<number> },
): void {
  for (const path of changed) to.whole.add(path);
  for (const path of keys) to.keys.add(path);
}

/** An app is checked with what half-typed files say now. */
export function useHeld({ held }: CheckState, { files }: AppStacks): void {
  for (const [file, one] of held) if (files.has(file)) one.isUsed = true;
}
