import { type ExplainedStep, lackText } from '../../core/features/explainSteps.ts';
import type { App } from '../../core/workspace/workspace.ts';
import { type colorsFor, type PlaceOf, placeText } from './problems.ts';
import { tableText } from './table.ts';

type Colors = ReturnType<typeof colorsFor>;

/** The steps of an app as tables for people: those that are done, in their order, then those that are not. */
export function stepsTable(
  { name }: App,
  steps: readonly ExplainedStep[],
  placeOf: PlaceOf,
  colors: Colors,
): string {
  const done = steps.filter((one) => one.isOn);
  const others = steps.filter((one) => !one.isOn);
  const needy = done.filter((one) => one.needsSystem).map((one) => one.name);
  const note = needy.length === 0 ? '' : `On boxes with steps.system alone: ${needy.join(', ')}\n`;
  const parts = [
    `${colors.bold(`steps of ${colors.cyan(name)}`)}\n`,
    tableText(
      ['step', 'found by', 'said in'],
      done.map((one) => [one.name, one.by === 'file' ? '' : one.why, saidIn(one, placeOf)]),
      colors,
    ),
    tableText(
      ['not done', 'why', 'said in'],
      others.map((one) => [one.name, lackText(one), saidIn(one, placeOf)]),
      colors,
    ),
    note === '' ? '' : colors.dim(note),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function saidIn({ place }: ExplainedStep, placeOf: PlaceOf): string {
  return place === undefined ? '' : placeText(placeOf(place.file, place.range));
}

/** The form of `strata explain --steps --json`, version 1 (docs/cli.md). Paths are relative to the workspace. */
export function stepsJson({ name }: App, steps: readonly ExplainedStep[], placeOf: PlaceOf): object {
  return {
    version: 1,
    app: name,
    steps: steps.map(({ name: step, isOn, by, why, found, needsSystem, place, options }) => ({
      step,
      done: isOn,
      by,
      why,
      found: found ?? null,
      needsSystem,
      saidIn: place === undefined ? null : placeOf(place.file, place.range),
      options,
    })),
  };
}
