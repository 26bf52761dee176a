import { findingKey } from '../../core/check/finding.ts';
import { type Context, contextLabel } from '../../core/layers/context.ts';
import type { Problem } from '../../core/problem.ts';
import type { Model } from '../../core/workspace/model.ts';
import { contextsOf, type Workspace } from '../../core/workspace/workspace.ts';
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

const mostApps = 5;

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
        const where = whereText(model.workspace, contexts);
        process.stderr.write(problemText(problem, placeOf, where, colors));
      }
    },
  };
}

/** `shop: qa, production/us; blog: every context` */
function whereText(workspace: Workspace, contexts: readonly Context[]): string {
  const labels = new Map<string, string[]>();
  for (const of of contexts) {
    const known = labels.get(of.app) ?? [];
    labels.set(of.app, known);
    known.push(contextLabel(of));
  }
  const everyOf = (app: string, some: string[]) => some.length === contextsOf(workspace, app).length;
  const apps = [...labels];
  if (apps.length === workspace.apps.length && apps.length > 1 && apps.every((one) => everyOf(...one))) {
    return 'every context';
  }
  const parts = apps
    .slice(0, mostApps)
    .map(([app, some]) => `${app}: ${everyOf(app, some) ? 'every context' : some.join(', ')}`);
  const more = apps.length - parts.length;
  return parts.join('; ') + (more > 0 ? `; and ${more} more apps` : '');
}
