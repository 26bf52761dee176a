import type { AppFinding } from './appCheck.ts';
import { isHalfTyped } from './halfTyped.ts';
import { halfTypedMover, type Mover, movePlaces, placeMover } from './movedPlaces.ts';
import { idsOf } from './region.ts';
import type { CheckState, SeenLayer, Step } from './state.ts';

/** Findings whose places in a file are still to be moved. */
export interface Unmoved {
  /** The layer as it was when their places were right. */
  before: SeenLayer;
  findings: AppFinding[];
  /** How many of them have been moved. */
  done: number;
}

/** What is told with a place in a file stays with its setting: that of the file itself first. */
export function moveOwn(state: CheckState, file: string, before: SeenLayer, now: SeenLayer): void {
  noteOthers(state, file, before);
  const told = state.told.get(file);
  if (told === undefined) return;
  const mover = moverFor(state, file, before, now);
  for (const findings of told.values()) for (const one of findings) move(state, file, one, mover);
}

/** Findings of other files with a place in this one: there may be thousands, so they are moved later. */
function noteOthers(state: CheckState, file: string, before: SeenLayer): void {
  const waiting = state.unmoved.get(file) ?? [];
  const all = [...(state.related.get(file) ?? [])];
  const known = new Set(waiting.flatMap(({ findings, done }) => findings.slice(done)));
  const findings = known.size === 0 ? all : all.filter((one) => !known.has(one));
  state.unmoved.set(file, [...waiting, { before, findings, done: 0 }]);
}

const atOnce = 1000;

/** Moves them, some at a time. */
export function* moveOthers(state: CheckState, moved: (file: string) => void): Generator<Step, void> {
  for (const [file, waiting] of state.unmoved) {
    const now = state.seen.get(file);
    for (const one of now === undefined ? [] : waiting) {
      const mover = moverFor(state, file, one.before, now ?? one.before);
      while (one.done < one.findings.length) {
        for (const finding of one.findings.slice(one.done, one.done + atOnce))
          move(state, file, finding, mover);
        one.done += atOnce;
        yield 'checked';
      }
    }
    moved(file);
  }
  state.unmoved.clear();
}

function moverFor(state: CheckState, file: string, before: SeenLayer, now: SeenLayer): Mover {
  return isHalfTyped(state, file) ? halfTypedMover(before, now) : placeMover(before, now);
}

function move(state: CheckState, file: string, finding: AppFinding, mover: Mover): void {
  const hasMoved = movePlaces(finding, file, mover);
  if (hasMoved === undefined) lookAgain(state, finding);
  else if (hasMoved) state.touched.add(finding.file);
}

/** Where the setting of what was told is gone, it has to be found out again. */
function lookAgain({ model, unfinished, pendingExtras }: CheckState, finding: AppFinding): void {
  const { code, path = [], isExtra, contexts } = finding;
  if (isExtra) {
    for (const { app } of contexts) pendingExtras.add(app);
    return;
  }
  const ids = idsOf(model.store.paths, path);
  if (code === 'likely-typo') unfinished.keys.add(ids.at(-2) ?? 0);
  const id = ids.at(-1);
  if (id !== undefined) unfinished.whole.add(id);
}
