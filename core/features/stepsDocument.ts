import { stepSettings } from '../steps/appSteps.ts';
import { stepsFile } from '../steps/stepNames.ts';
import { relativePath } from '../text/paths.ts';
import type { Model } from '../workspace/model.ts';
import type { App } from '../workspace/workspace.ts';
import { type ExplainedStep, explainSteps, lackText } from './explainSteps.ts';

/**
 * The steps of an app as a text for people: those that are done, in their order, then those that are not, each with the reason. What is wrong with the
 * app's own file comes first; what is right of it still counts.
 */
export function stepsDocument(model: Model, app: App): string {
  const steps = explainSteps(model, app);
  const done = steps.filter(({ isOn }) => isOn);
  const needy = done.filter(({ needsSystem }) => needsSystem).map(({ name }) => name);
  const parts = [
    `# Steps of ${app.name}: what is done when it is deployed, in this order\n`,
    mistakesText(model, app),
    columns([
      ['step', 'found by', 'said in'],
      ...done.map((one) => [one.name, one.by === 'file' ? '' : one.why, saidIn(model, one)]),
    ]),
    '# What is not done\n',
    columns([
      ['step', 'why', 'said in'],
      ...steps.filter(({ isOn }) => !isOn).map((one) => [one.name, lackText(one), saidIn(model, one)]),
    ]),
    needy.length === 0 ? '' : `# On boxes with steps.system alone: ${needy.join(', ')}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function mistakesText(model: Model, app: App): string {
  const { problems } = stepSettings(model, app);
  if (problems.length === 0) return '';
  const told = problems.map(
    ({ file, range, message }) => `${lineOf(model, file, range.start)}: ${message}\n`,
  );
  return `# No box deploys it before this is right in ${stepsFile}\n${told.join('')}`;
}

function saidIn(model: Model, { place }: ExplainedStep): string {
  return place === undefined ? '' : lineOf(model, place.file, place.range.start);
}

/** `shop/deploy/steps.yaml:3`. */
function lineOf(model: Model, file: string, offset: number): string {
  const content = model.read(file);
  const before = content === undefined || 'error' in content ? '' : content.text.slice(0, offset);
  return `${relativePath(model.workspace.root, file)}:${before.split('\n').length}`;
}

/** Rows with each column as wide as it must be. */
function columns(rows: readonly string[][]): string {
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
