import schema from '../../schemas/steps.schema.json' with { type: 'json' };
import { type Problem, problem } from '../problem.ts';
import type { Range } from '../text/range.ts';
import { schemaFaults } from '../workspace/schemaFaults.ts';
import { parseText } from '../yaml/parse.ts';
import { type Plain, plainValue } from '../yaml/plain.ts';
import { isStepName, type StepName, stepNames } from './stepNames.ts';

/** The options of a step, as its schema has them. */
export type StepOptions = Readonly<Record<string, Plain>>;

/** What an app's `deploy/steps.yaml` says. */
export interface StepSettings {
  /** `false` for a step that is left out, `true` for one that is done though nothing of it is found, else its options. */
  steps: ReadonlyMap<StepName, boolean | StepOptions>;
  /** These are done in this order, each at the place of one of them. */
  order: readonly StepName[];
  /** Where each of the steps stands. */
  places: ReadonlyMap<StepName, Range>;
  problems: Problem[];
}

/** Of an app without the file. */
export const noStepSettings: StepSettings = {
  steps: new Map(),
  order: [],
  places: new Map(),
  problems: [],
};

/** Reads `deploy/steps.yaml`; what is wrong with it becomes problems, and what is right of it still counts. */
export function readSteps(file: string, text: string): StepSettings {
  const { root, problems } = parseText(file, text, '1.2', { dottedKeys: false });
  const faults = schemaFaults(root, schema).map(({ range, message, ...more }) =>
    problem('steps', { file, range }, message, more),
  );
  const steps = new Map<StepName, boolean | StepOptions>();
  const places = new Map<StepName, Range>();
  for (const name of stepNames) {
    const entry = root.entries.get(name);
    const value = entry === undefined ? undefined : plainValue(entry.value);
    if (entry !== undefined) places.set(name, entry.keyRange);
    if (typeof value === 'boolean' || isOptions(value)) steps.set(name, value);
  }
  const order = root.entries.get('order')?.value;
  const names = order?.kind === 'list' ? order.items.map(plainValue) : [];
  const inOrder = [...new Set(names.filter(isStepName))];
  return { steps, order: inOrder, places, problems: [...problems, ...faults] };
}

function isOptions(value: Plain | undefined): value is { [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
