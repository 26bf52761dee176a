import fs from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { type Context, context, contextLabel } from '../../core/layers/context.ts';
import type { Problem } from '../../core/problem.ts';
import { configurationJson } from '../../core/render/json.ts';
import { type Rendered, renderConfiguration, renderPublic } from '../../core/render/render.ts';
import { configurationYaml } from '../../core/render/yaml.ts';
import { inferWorkspace } from '../../core/workspace/discover.ts';
import { type Model, openModel } from '../../core/workspace/model.ts';
import { corePath, diskSource } from '../../disk/diskSource.ts';
import { exitCodes, UsageError } from '../failure.ts';
import { colorsFor, placesOf, problemText } from '../output/problems.ts';
import { checkEnvironment, checkName, chosenApp, openWorkspace } from '../workspace.ts';
import { writeTogether } from '../writeTogether.ts';
import { renderAll } from './renderAll.ts';

interface Options {
  directory?: string;
  configsDir?: string[];
  appDir?: string;
  cluster?: string;
  local?: true;
  build?: true;
  hostname?: string;
  write?: true;
  public?: true;
  format: 'json' | 'yaml';
  all?: true;
  output?: string;
}

/** `strata render APP ENV`: the effective configuration; the flags are those of yoconfigurator's configurator.py. */
export function renderCommand(): Command {
  return new Command('render')
    .summary('print or write the effective configuration of an app')
    .description(
      "Merges an app's layers for an environment and prints configuration.json, byte for byte as it is " +
        'written for the app.',
    )
    .usage('[options] <app> <environment>\n       strata render --all [-C DIR] [-o DIR]')
    .argument('[app]', 'the name of the app')
    .argument('[environment]', 'the environment; `local` means local mode')
    .option(
      '-C, --directory <dir>',
      'the workspace (default: the nearest folder up with a manifest or an app)',
    )
    .option('-d, --configs-dir <dir>', 'a central config directory; may be given several times', collect)
    .option('-a, --app-dir <dir>', "the app's folder (default with -d: the working directory)")
    .option('-c, --cluster <cluster>', 'the cluster of the environment')
    .option('-l, --local', 'local mode: read the -local layers')
    .option('-b, --build', 'build mode: read the -local and -build layers')
    .option('-H, --hostname <name>', "the developer's machine, told to the app in local and build mode")
    .option('--write', "write configuration.json and configuration_public.json into the app's folder")
    .option('--public', 'print the public configuration')
    .addOption(new Option('--format <format>', 'how to print it').choices(['json', 'yaml']).default('json'))
    .addOption(
      new Option('--all', 'every app in every environment and cluster, as one line of JSON each').conflicts([
        ...['configsDir', 'appDir', 'cluster', 'local', 'build', 'write', 'public', 'format'],
      ]),
    )
    .option('-o, --output <dir>', 'with --all: write DIR/APP/ENV[-CLUSTER].json and .public.json instead')
    .action(renderOneOrAll);
}

function renderOneOrAll(
  app: string | undefined,
  environment: string | undefined,
  options: Options,
): void | Promise<void> {
  if (options.all && app !== undefined) {
    throw new UsageError(`--all renders every app: leave ${app} out, or --all`);
  }
  if (options.all) return renderAll(options);
  if (options.output !== undefined) throw new UsageError('--output is for --all: see --write for one app');
  if (app === undefined || environment === undefined) {
    const missing = app === undefined ? 'app' : 'environment';
    throw new UsageError(
      `missing required argument '${missing}': name an app and an environment, or give --all`,
    );
  }
  render(app, environment, options);
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function render(app: string, environment: string, options: Options): void {
  checkName('an app', app);
  checkName('an environment', environment);
  if (environment === 'build') {
    throw new UsageError('build is no environment: name the environment to build for, and give --build');
  }
  if (options.cluster !== undefined) checkName('a cluster', options.cluster);
  const model = renderModel(app, environment, options);
  const of = context(app, environment, {
    cluster: options.cluster,
    mode: options.build ? 'build' : options.local ? 'local' : 'deploy',
    hostname: options.hostname,
  });
  const whole = renderConfiguration(model, of);
  const open = options.public || options.write ? renderPublic(model, of, whole.root) : undefined;
  // A manifest with a mistake may mean other layers than it says: better no configuration than a wrong one.
  const problems = [...model.workspace.problems, ...whole.problems, ...(open?.problems ?? [])];
  if (!isUsable(model, of, problems)) return;
  if (options.write) write(model, app, whole, open);
  else print(of, whole, open, options);
}

/** Tells the problems; whether the configuration can be used all the same. */
function isUsable(model: Model, of: Context, problems: Problem[]): boolean {
  const placeOf = placesOf(model);
  const colors = colorsFor(process.stderr);
  const where = (one: Problem) => (one.code === 'manifest' ? '' : `${of.app}: ${contextLabel(of)}`);
  process.stderr.write(problems.map((one) => problemText(one, placeOf, where(one), colors)).join(''));
  const usable = !problems.some((one) => one.severity === 'error');
  if (!usable) process.exitCode = exitCodes.problems;
  return usable;
}

function renderModel(app: string, environment: string, options: Options): Model {
  if (options.configsDir === undefined && options.appDir === undefined) {
    const model = openWorkspace(options.directory);
    chosenApp(model.workspace, app);
    checkEnvironment(model.workspace, environment, options.cluster);
    return model;
  }
  const source = diskSource();
  const configs = (options.configsDir ?? []).map((dir) => givenFolder(dir, 'no layers are read from there'));
  const folder = givenFolder(options.appDir ?? '.', 'only central layers are read');
  const workspace = inferWorkspace(source, corePath('.'), { apps: [], configs });
  return openModel(source, { ...workspace, apps: [{ name: app, folder }] });
}

/** A folder that need not be there, as in yoconfigurator: an app may have no layers of its own. */
function givenFolder(dir: string, without: string): string {
  const stat = fs.statSync(dir, { throwIfNoEntry: false });
  if (stat === undefined) process.stderr.write(`strata: warning: there is no folder ${dir}: ${without}\n`);
  else if (!stat.isDirectory()) throw new UsageError(`${dir} is no folder`);
  return corePath(dir);
}

function print(of: Context, whole: Rendered, open: Rendered | undefined, options: Options): void {
  if (options.public && open === undefined) {
    throw new UsageError(`${of.app} makes nothing public: it has no public-data.yaml`);
  }
  const { root } = options.public && open ? open : whole;
  process.stdout.write(options.format === 'yaml' ? configurationYaml(root) : configurationJson(root));
}

function write(model: Model, app: string, whole: Rendered, open: Rendered | undefined): void {
  const folder = model.workspace.apps.find((one) => one.name === app)?.folder;
  if (folder === undefined || !fs.existsSync(folder)) {
    throw new UsageError(`${app} has no folder here to write into: name it with -a`);
  }
  const files = [{ file: path.join(folder, 'configuration.json'), text: configurationJson(whole.root) }];
  if (open !== undefined) {
    files.push({ file: path.join(folder, 'configuration_public.json'), text: configurationJson(open.root) });
  }
  writeTogether(files);
  for (const { file } of files) process.stderr.write(`wrote ${path.relative('.', file)}\n`);
}
