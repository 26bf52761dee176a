import { exceed } from '../failure.ts';

/** What one rendering may still use. */
export interface Budget {
  steps: number;
  /** Macros, blocks and templates that are open. */
  depth: number;
  /** Code units of output that may still be written. */
  output: number;
}

const mostSteps = 3_000_000;
const mostDepth = 60;
const mostOutput = 10_000_000;

export function newBudget(): Budget {
  return { steps: mostSteps, depth: 0, output: mostOutput };
}

/** Counts the work of a loop or list. */
export function spend(budget: Budget, steps: number): void {
  budget.steps -= steps;
  if (budget.steps < 0) exceed(`More than ${mostSteps} steps`);
}

/** Does something that may do the same again. */
export function nested<T>(budget: Budget, work: () => T): T {
  if (budget.depth >= mostDepth)
    exceed(`More than ${mostDepth} macros, blocks or templates within each other`);
  budget.depth++;
  const result = work();
  budget.depth--;
  return result;
}

/** Counts output. */
export function spendOutput(budget: Budget, length: number): void {
  budget.output -= length;
  if (budget.output < 0) exceed(`More than ${mostOutput} characters of output`);
}
