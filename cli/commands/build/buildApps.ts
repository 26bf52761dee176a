import { type BuildResult, buildApp } from '../../../artifact/build/build.ts';
import type { ArtifactPlace } from '../../../artifact/build/place.ts';
import { repositoryPlace } from '../../../artifact/build/repositoryPlace.ts';
import { type Undo, undoStack } from '../../../artifact/build/undo.ts';
import type { BuildWishes } from '../../../artifact/build/work.ts';
import { ArtifactError } from '../../../artifact/failure.ts';
import { chosenKey, keysFolder } from '../../../artifact/signing/keyFiles.ts';
import type { Model } from '../../../core/workspace/model.ts';
import type { App } from '../../../core/workspace/workspace.ts';
import { exitCodes } from '../../failure.ts';
import { watchForInterruption } from '../../interruption.ts';
import { type BuildConsole, buildConsole } from '../../output/buildConsole.ts';
import { buildJson } from '../../output/buildJson.ts';
import { colorsFor, placesOf, problemText } from '../../output/problems.ts';
import { repositoryOf } from '../../repository.ts';
import { version } from '../../version.ts';
import { checkEnvironment } from '../../workspace.ts';
import type { BuildOptions } from '../build.ts';
import { chosenApps, workspaceOf } from './chosenApps.ts';

/** What all apps of one call are built with. */
interface Call {
  model: Model;
  options: BuildOptions;
  place: ArtifactPlace | undefined;
  console: BuildConsole;
  signal: AbortSignal;
  undo: Undo;
}

/** An app that was built, or that could not even begin. */
export type Outcome = BuildResult | { app: string; failure: ArtifactError };

/** Builds the apps that are named, several at once if that is wanted. One that fails keeps no other from being built. */
export async function buildApps(names: readonly string[], options: BuildOptions): Promise<void> {
  const model = workspaceOf(names, options.directory);
  const apps = chosenApps(model, names, options.all === true);
  if (options.env !== undefined) checkEnvironment(model.workspace, options.env, options.cluster);
  if (!isUsable(model)) return;
  const place = options.upload ? await placeOf(model, options) : undefined;
  const interruption = watchForInterruption();
  const undo = undoStack();
  const takeBack = () => undo.run();
  // However the process ends, nothing keeps running and nothing stays half-done.
  process.on('exit', takeBack);
  const stream = options.json ? process.stderr : process.stdout;
  const console = buildConsole(
    stream,
    options.jobs > 1 && apps.length > 1 ? apps.map((app) => app.name) : [],
  );
  const impatient = leaveAtOnce(interruption.signal, console);
  try {
    const call = { model, options, place, console, signal: interruption.signal, undo };
    const outcomes = await inParallel(apps, options.jobs, (app) => buildOne(call, app));
    console.close(outcomes);
    if (outcomes.some((one) => one.failure !== undefined)) process.exitCode = exitCodes.problems;
  } finally {
    console.stop();
    undo.run();
    process.off('exit', takeBack);
    impatient();
    interruption.end();
  }
}

/** A manifest with a mistake may mean something else than it says. */
function isUsable(model: Model): boolean {
  const { problems } = model.workspace;
  const placeOf = placesOf(model);
  const colors = colorsFor(process.stderr);
  process.stderr.write(problems.map((one) => problemText(one, placeOf, '', colors)).join(''));
  const isRight = problems.every((one) => one.severity !== 'error');
  if (!isRight) process.exitCode = exitCodes.problems;
  return isRight;
}

async function placeOf({ workspace }: Model, { store, key }: BuildOptions): Promise<ArtifactPlace> {
  const named = store ?? (process.env.STRATA_ARTIFACTS || undefined);
  return repositoryPlace(await repositoryOf(workspace, named), chosenKey(keysFolder(), key));
}

/** Whoever asks a second time to stop does not want to wait for scripts that do not end by themselves. */
function leaveAtOnce(signal: AbortSignal, console: BuildConsole): () => void {
  const leave = () => process.exit(130);
  const arm = () => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, leave);
    console.say('stopping; ask again to stop at once');
  };
  signal.addEventListener('abort', arm, { once: true });
  return () => {
    signal.removeEventListener('abort', arm);
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, leave);
  };
}

async function buildOne(call: Call, app: App): Promise<Outcome> {
  const { model, options, place, console, signal, undo } = call;
  const reporter = console.reporter(app.name);
  const request = { model, app, place, reporter, signal, undo, wishes: wishesOf(options) };
  let outcome: Outcome;
  try {
    outcome = await buildApp({ ...request, env: process.env, toolVersion: version });
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    outcome = { app: app.name, failure: error };
  }
  console.tell(outcome);
  if (options.json) process.stdout.write(`${JSON.stringify(buildJson(outcome))}\n`);
  return outcome;
}

function wishesOf(options: BuildOptions): BuildWishes {
  const { env: environment, timeout, ...others } = options;
  return { ...others, environment, timeoutMs: timeout === undefined ? undefined : timeout * 60_000 };
}

/** Does something with each, so many at once; the results are in the order of the items. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
