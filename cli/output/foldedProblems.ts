import { findingKey } from '../../core/check/finding.ts';
import { contextsText } from '../../core/features/contextsText.ts';
import type { Context } from '../../core/layers/context.ts';
import type { Problem } from '../../core/problem.ts';
import type { Model } from '../../core/workspace/model.ts';
import { contextsOf } from '../../core/workspace/workspace.ts';
import { colorsFor, placesOf, problemText } from './problems.ts';

/** The problems of many contexts, each told once with all the contexts it holds in. */
export interface FoldedProblems {
  /**
   * Takes in the problems of a context, or of the workspace itself.
   * @returns whether there are errors among them.
   */
  add(of: Context | undefined, problems: readonly Problem[]): boolean;
  /** Prints what was taken in, in the order in which it came. */
  tell(): void;
}

/** Gathers problems for standard error. */
export function foldProblems(model: Model): FoldedProblems {
  const found = new Map<string, { problem: Problem; contexts: Context[] }>();
  return {
    add(of, problems) {
      for (const problem of problems) {
        const key = findingKey(problem);
        const known = found.get(key) ?? { problem, contexts: [] };
        found.set(key, known);
        if (of !== undefined) known.contexts.push(of);
      }
      return problems.some((one) => one.severity === 'error');
    },
    tell() {
      const placeOf = placesOf(model);
      const colors = colorsFor(process.stderr);
      for (const { problem, contexts } of found.values()) {
        const where = contextsText(model, contexts, (app) => contextsOf(model.workspace, app).length);
        process.stderr.write(problemText(problem, placeOf, where, colors));
      }
    },
  };
}
