import type { LineIndex } from '../text/lines.ts';
import type { Model } from '../workspace/model.ts';
import { checkChanged } from './checkChanged.ts';
import { checkExtras, checkPending } from './checkPending.ts';
import { fileFindings } from './fileFindings.ts';
import type { Finding } from './finding.ts';
import { moveTold } from './moveAlong.ts';
import { readAll } from './readAll.ts';
import { type Step, startState, toldFiles } from './state.ts';
import { takeInMoves } from './takeInMoves.ts';

/**
 * Knows the problems of a workspace, and finds out what a change makes of them: only settings that the change can touch
 * are looked at again, in the apps that load the file.
 */
export interface Checker {
  /** Does what is left to be done; yields after each small step, so that others can be served meanwhile. */
  update(model: Model): Generator<Step, void>;
  /** The problems told in a file, as far as they are known. */
  findings(file: string): Finding[];
  /** The lines of a layer as it was when it was last looked at. */
  lines(file: string): LineIndex | undefined;
  /** The files whose problems may be others than when this was last asked. */
  takeTouched(): Set<string>;
  /** The files that changed last. */
  changed(): readonly string[];
  /** Every file that something is told in. */
  files(): string[];
  /** How many apps load a file. */
  loaders(file: string): number;
  /** How many contexts of an app are checked. */
  contexts(app: string): number;
}

/** Starts knowing nothing. */
export function createChecker(model: Model, only?: readonly string[]): Checker {
  const state = startState(model, only);
  return {
    *update(now) {
      yield* takeInMoves(state, now);
      yield* readAll(state);
      yield* checkChanged(state);
      yield* checkPending(state);
      yield* checkExtras(state);
    },
    findings(file) {
      moveTold(state, file);
      return fileFindings(state, file);
    },
    lines: (file) => state.seen.get(file)?.lines,
    takeTouched() {
      const { touched } = state;
      state.touched = new Set();
      return touched;
    },
    changed: () => state.changed,
    files: () => [...toldFiles(state)],
    loaders: (file) => state.loaders.apps(file).size,
    contexts: (app) => state.stacks.get(app)?.checked.length ?? 0,
  };
}
