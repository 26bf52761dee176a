import { Command } from 'commander';
import { type Explanation, explainSetting } from '../../core/features/explain.ts';
import { explainSteps } from '../../core/features/explainSteps.ts';
import { context } from '../../core/layers/context.ts';
import { stepSettings } from '../../core/steps/appSteps.ts';
import { nearestName } from '../../core/text/names.ts';
import type { Model } from '../../core/workspace/model.ts';
import { contextsOf } from '../../core/workspace/workspace.ts';
import { keyParts } from '../../core/yaml/entries.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { stepsJson, stepsTable } from '../output/explainedSteps.ts';
import { explanationJson } from '../output/explanationJson.ts';
import { explanationTable } from '../output/explanationTable.ts';
import { colorsFor, placesOf, problemText } from '../output/problems.ts';
import { stringifyRaw } from '../output/rawJson.ts';
import { checkEnvironment, chosenApp, openWorkspace } from '../workspace.ts';

interface Options {
  directory?: string;
  app?: string;
  env?: string;
  cluster?: string;
  steps?: string | true;
  json?: true;
}

/** `strata explain SETTING`: what a setting is everywhere, and what each layer did to it; or which steps an app has, and why. */
export function explainCommand(): Command {
  return new Command('explain')
    .summary('tell what a setting is in every environment, and why')
    .description(
      'Shows the effective value of a setting for each environment, and what each layer said of it; ' +
        'with --steps, what is done for an app when it is deployed, and why.',
    )
    .argument('[setting]', 'the dotted path of the setting, as in common.db.host')
    .option(
      '-C, --directory <dir>',
      'the workspace (default: the nearest folder up with a manifest or an app)',
    )
    .option('--app <app>', 'only this app (default: all)')
    .option('--env <environment>', 'only this environment (default: all)')
    .option('-c, --cluster <cluster>', 'only this cluster of the environment')
    .option('--steps [app]', 'the steps of this app (default: the only one) in place of a setting')
    .option('--json', 'print JSON')
    .action((setting: string | undefined, options: Options) => {
      checkQuestion(setting, options);
      if (options.steps !== undefined) return tellSteps(openWorkspace(options.directory), options);
      if (setting !== undefined) tellSetting(setting, options);
    });
}

/** Refuses what asks for neither a setting nor steps, or for both. */
function checkQuestion(setting: string | undefined, { steps, app, env, cluster }: Options): void {
  if (steps === undefined && setting === undefined)
    throw new UsageError('name a setting, or an app with --steps');
  if (steps === undefined) return;
  if (setting !== undefined) throw new UsageError('ask for a setting or for --steps, not for both');
  if ((app ?? env ?? cluster) !== undefined)
    throw new UsageError('--steps takes the app itself, and looks at every environment');
}

function tellSetting(setting: string, options: Options): void {
  const model = openWorkspace(options.directory);
  tellManifestProblems(model);
  const explained = explainAll(model, setting, options);
  if (explained.every(({ explanations }) => explanations.every(isUnknown))) {
    process.stderr.write(`strata: no layer speaks of ${setting}.${meant(model, setting, explained)}\n`);
    process.exitCode = exitCodes.problems;
    if (!options.json) return;
  }
  const placeOf = placesOf(model, options.json ? model.workspace.root : undefined);
  const text = options.json
    ? `${stringifyRaw(explanationJson(setting, explained, placeOf))}\n`
    : explanationTable(setting, explained, placeOf, {
        colors: colorsFor(process.stdout),
        width: process.stdout.columns ?? 120,
      });
  process.stdout.write(text);
}

/** Mistakes of the app's file are told first: what is right of it still counts here, though no box would deploy it. */
function tellSteps(model: Model, { steps, json }: Options): void {
  tellManifestProblems(model);
  const app = chosenApp(model.workspace, steps === true ? undefined : steps);
  const colors = colorsFor(process.stderr);
  const { problems } = stepSettings(model, app);
  const placeOf = placesOf(model);
  process.stderr.write(problems.map((one) => problemText(one, placeOf, '', colors)).join(''));
  if (problems.length > 0) process.exitCode = exitCodes.problems;
  const explained = explainSteps(model, app);
  process.stdout.write(
    json
      ? `${JSON.stringify(stepsJson(app, explained, placesOf(model, model.workspace.root)), null, 2)}\n`
      : stepsTable(app, explained, placeOf, colorsFor(process.stdout)),
  );
}

/** One app's explanations, a context each. */
export interface AppExplanations {
  app: string;
  explanations: Explanation[];
}

function explainAll(model: Model, setting: string, options: Options): AppExplanations[] {
  const { workspace } = model;
  if (options.env !== undefined) checkEnvironment(workspace, options.env, options.cluster);
  else if (options.cluster !== undefined) throw new UsageError('a cluster needs its environment: give --env');
  const apps = options.app === undefined ? workspace.apps : [chosenApp(workspace, options.app)];
  if (apps.length === 0) throw new UsageError('this workspace has no apps');
  return apps.map(({ name }) => {
    const all = contextsOf(workspace, name).filter(
      (of) =>
        (options.env === undefined || of.environment === options.env) &&
        (options.cluster === undefined || of.cluster === options.cluster),
    );
    const contexts = all.length === 0 && options.env !== undefined ? [context(name, options.env)] : all;
    return {
      app: name,
      explanations: contexts.map((of) => explainSetting(model, of, keyParts(setting))),
    };
  });
}

/** What is shown may be wrong where the manifest is, and still it is worth showing. */
function tellManifestProblems(model: Model): void {
  const placeOf = placesOf(model);
  const colors = colorsFor(process.stderr);
  const texts = model.workspace.problems.map((one) => problemText(one, placeOf, '', colors));
  process.stderr.write(texts.join(''));
}

function isUnknown(one: Explanation): boolean {
  return one.chain.every((link) => link.action === undefined);
}

/** The setting that a mistyped one may mean: a name near it beside it, in any layer. */
function meant(model: Model, setting: string, explained: readonly AppExplanations[]): string {
  const path = keyParts(setting);
  const files = new Set(explained.flatMap(({ explanations }) => explanations.flatMap(({ chain }) => chain)));
  const keys = new Set<string>();
  for (const { file } of files) {
    let mapping = model.layer(file)?.root;
    for (const part of path.slice(0, -1)) {
      const value = mapping?.entries.get(part)?.value;
      mapping = value?.kind === 'mapping' ? value : undefined;
    }
    for (const key of mapping?.entries.keys() ?? []) keys.add(key);
  }
  const near = nearestName(path.at(-1) ?? '', keys);
  return near === undefined ? '' : ` Did you mean ${[...path.slice(0, -1), near].join('.')}?`;
}
