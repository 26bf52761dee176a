import { Command, InvalidArgumentError } from 'commander';
import { contextsText } from '../../core/features/contextsText.ts';
import { type Finding, lintWorkspace } from '../../core/features/lint.ts';
import { contextLabel } from '../../core/layers/context.ts';
import type { Model } from '../../core/workspace/model.ts';
import { exitCodes } from '../failure.ts';
import { colorsFor, type PlaceOf, placesOf, problemText } from '../output/problems.ts';
import { progressOn } from '../output/progress.ts';
import { sarifLog } from '../output/sarif.ts';
import { chosenApp, openWorkspace } from '../workspace.ts';

interface Options {
  directory?: string;
  json?: true;
  sarif?: true;
  maxWarnings?: number;
}

/** `strata lint`: every problem in every context, each once. */
export function lintCommand(): Command {
  return new Command('lint')
    .summary('find the problems of all layers in every context')
    .description('Merges every app for every environment and tells each problem once, with where it holds.')
    .argument('[app...]', 'the apps to look at (default: all, and files that no context loads)')
    .option(
      '-C, --directory <dir>',
      'the workspace (default: the nearest folder up with a manifest or an app)',
    )
    .option('--json', 'print the problems as JSON')
    .option('--sarif', 'print the problems as SARIF 2.1.0')
    .option('--max-warnings <n>', 'fail when there are more warnings than this', wholeNumber)
    .action((apps: string[], options: Options) => {
      const model = openWorkspace(options.directory);
      for (const app of apps) chosenApp(model.workspace, app);
      const findings = lintWithProgress(model, apps.length === 0 ? undefined : apps);
      tell(model, findings, options);
      const errors = count(findings, 'error');
      const tooMany = count(findings, 'warning') > (options.maxWarnings ?? Number.POSITIVE_INFINITY);
      if (errors > 0 || tooMany) process.exitCode = exitCodes.problems;
    });
}

function lintWithProgress(model: Model, apps: readonly string[] | undefined): Finding[] {
  const progress = progressOn(process.stderr);
  const count = (apps ?? model.workspace.apps).length;
  const steps = lintWorkspace(model, apps);
  for (let done = 0; ; done++) {
    const step = steps.next();
    if (step.done) {
      progress.done();
      return step.value;
    }
    progress.tell(`${done + 1} of ${count} apps`);
  }
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('it must be a whole number');
  return Number(value);
}

function count(findings: readonly Finding[], severity: Finding['severity']): number {
  return findings.filter((one) => one.severity === severity).length;
}

function tell(model: Model, findings: Finding[], options: Options): void {
  const placeOf = placesOf(model, options.json || options.sarif ? model.workspace.root : undefined);
  const sorted = sortByPlace(findings, placeOf);
  if (options.sarif) {
    process.stdout.write(`${JSON.stringify(sarifLog(model, sorted, placeOf), null, 2)}\n`);
  } else if (options.json) {
    const problems = sorted.map((one) => findingJson(one, placeOf));
    process.stdout.write(`${JSON.stringify({ version: 1, problems }, null, 2)}\n`);
  } else {
    tellPeople(model, sorted, placeOf);
  }
}

function tellPeople(model: Model, findings: Finding[], placeOf: PlaceOf): void {
  const colors = colorsFor(process.stderr);
  for (const one of findings) {
    process.stderr.write(problemText(one, placeOf, contextsText(model, one.contexts), colors));
  }
  const errors = plural(count(findings, 'error'), 'error');
  const warnings = plural(count(findings, 'warning'), 'warning');
  process.stderr.write(findings.length === 0 ? 'no problems\n' : `${errors}, ${warnings}\n`);
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function sortByPlace(findings: Finding[], placeOf: PlaceOf): Finding[] {
  return findings
    .map((finding) => ({ finding, place: placeOf(finding.file, finding.range) }))
    .sort(({ place: a }, { place: b }) => compare(a.file, b.file) || a.line - b.line || a.column - b.column)
    .map(({ finding }) => finding);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A finding in the form of `lint --json` (docs/cli.md). */
function findingJson(one: Finding, placeOf: PlaceOf): object {
  const { code, severity, message, setting = null } = one;
  return {
    code,
    severity,
    setting,
    message,
    ...placeOf(one.file, one.range),
    contexts: one.contexts.map((of) => ({
      app: of.app,
      environment: of.environment,
      cluster: of.cluster ?? null,
      mode: of.mode,
      label: contextLabel(of),
    })),
    related: one.related.map((place) => ({ message: place.message, ...placeOf(place.file, place.range) })),
  };
}
