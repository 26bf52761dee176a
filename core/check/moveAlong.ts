import type { AppFinding } from './appCheck.ts';
import { isHalfTyped } from './halfTyped.ts';
import { halfTypedMover, type Mover, mendedMover, movePlaces, placeMover } from './movedPlaces.ts';
import { idsOf } from './region.ts';
import { addTo, type CheckState, type SeenLayer, type Step } from './state.ts';

/** A layer as it was. */
type LayerBefore = SeenLayer & { wasHalfTyped: boolean };

/** Findings whose places in a file are still to be moved. */
export interface Unmoved {
  /** The layer as it was when their places were right. */
  before: LayerBefore;
  findings: Set<AppFinding>;
}

/** What is told with a place in a file stays with its setting: that of the file itself first. */
export function moveOwn(state: CheckState, file: string, before: LayerBefore, now: SeenLayer): void {
  noteOthers(state, file, before);
  const told = state.told.get(file);
  if (told === undefined) return;
  const mover = moverFor(state, file, before, now);
  for (const one of told) move(state, file, one, mover);
}

/** Findings of other files with a place in this one: there may be thousands, so they are moved later. */
function noteOthers({ related, unmoved }: CheckState, file: string, before: LayerBefore): void {
  const findings = related.get(file);
  if (findings === undefined) return;
  related.delete(file);
  unmoved.set(file, [...(unmoved.get(file) ?? []), { before, findings }]);
}

const atOnce = 1000;

/** Moves them, some at a time. */
export function* moveOthers(state: CheckState, moved: (file: string) => void): Generator<Step, void> {
  for (const [file, waiting] of state.unmoved) {
    for (const { before, findings } of waiting) {
      const mover = moverNow(state, file, before);
      let done = 0;
      for (const one of findings) {
        moveOther(state, file, one, { findings, mover });
        if (++done % atOnce === 0) yield 'checked';
      }
    }
    moved(file);
  }
  state.unmoved.clear();
}

/** Moves what is told in a file: it is about to be shown. */
export function moveTold(state: CheckState, told: string): void {
  for (const [file, waiting] of state.unmoved) {
    if (file === told) continue;
    for (const { before, findings } of waiting) {
      const here = [...(state.told.get(told) ?? [])].filter((one) => findings.has(one));
      if (here.length === 0) continue;
      const mover = moverNow(state, file, before);
      for (const one of here) moveOther(state, file, one, { findings, mover });
    }
  }
}

function moveOther(
  state: CheckState,
  file: string,
  finding: AppFinding,
  { findings, mover }: { findings: Set<AppFinding>; mover: Mover },
): void {
  findings.delete(finding);
  addTo(state.related, file, finding);
  move(state, file, finding, mover);
}

function moverNow(state: CheckState, file: string, before: LayerBefore): Mover {
  return moverFor(state, file, before, state.seen.get(file) ?? before);
}

function moverFor(state: CheckState, file: string, before: LayerBefore, now: SeenLayer): Mover {
  if (isHalfTyped(state, file)) return halfTypedMover(before, now);
  return before.wasHalfTyped ? mendedMover(before, now) : placeMover(before, now);
}

function move(state: CheckState, file: string, finding: AppFinding, mover: Mover): void {
  const hasMoved = movePlaces(finding, file, mover);
  if (hasMoved === undefined) lookAgain(state, finding);
  else if (hasMoved) state.touched.add(finding.file);
}

/**
 * Where the setting of what was told is gone, it has to be found out again: it may be told where it was, which is on
 * another line now.
 */
function lookAgain(
  { model, unfinished, pendingExtras, touched }: CheckState,
  { code, file, path = [], isExtra, contexts }: AppFinding,
): void {
  touched.add(file);
  if (isExtra) {
    for (const { app } of contexts) pendingExtras.add(app);
    return;
  }
  const ids = idsOf(model.store.paths, path);
  if (code === 'likely-typo') unfinished.keys.add(ids.at(-2) ?? 0);
  const id = ids.at(-1);
  if (id !== undefined) unfinished.whole.add(id);
}
