import path from 'node:path';
import type { BuildSettings } from '../../core/workspace/buildSettings.ts';
import type { Model } from '../../core/workspace/model.ts';
import type { App } from '../../core/workspace/workspace.ts';
import { checkCancelled } from '../cancelling.ts';
import { ArtifactError } from '../failure.ts';
import { giveBack } from './borrowedFiles.ts';
import { openBuildFolder } from './buildFolder.ts';
import { channelOf } from './channel.ts';
import { type SourceFacts, sourceFacts } from './gitFacts.ts';
import type { ArtifactPlace } from './place.ts';
import type { Reporter, StepName, StepOutcome, StepResult } from './reporter.ts';
import { noLog, stepLog } from './stepLog.ts';
import { build } from './steps/build.ts';
import { configure } from './steps/configure.ts';
import { packageApp } from './steps/package.ts';
import { prepare } from './steps/prepare.ts';
import { summary } from './steps/summary.ts';
import { test } from './steps/test.ts';
import { artifactName, upload, versionOf } from './steps/upload.ts';
import type { Undo } from './undo.ts';
import { type BuildWishes, type Work, warn } from './work.ts';

export interface BuildRequest {
  model: Model;
  app: App;
  wishes: BuildWishes;
  /** Where the artifact goes; nothing where it is only to be built. */
  place: ArtifactPlace | undefined;
  reporter: Reporter;
  signal: AbortSignal;
  undo: Undo;
  env: NodeJS.ProcessEnv;
  /** The version of Strata. */
  toolVersion: string;
}

/** What came of a build. */
export interface BuildResult extends Pick<Work, 'tests' | 'tarball' | 'uploaded' | 'source' | 'channel'> {
  app: string;
  steps: StepResult[];
  /** The folder with the logs. */
  logs: string;
  warnings: readonly string[];
  /** Why it failed. */
  failure?: ArtifactError;
}

/** The steps in their order, each with what it is. */
const steps: readonly [StepName, (work: Work) => Promise<StepOutcome>][] = [
  ['configure', configure],
  ['prepare', prepare],
  ['build', build],
  ['test', test],
  ['package', packageApp],
  ['upload', upload],
  ['summary', summary],
];

/**
 * Builds an app: configures it, gets what it needs, builds, tests and packs it, and puts the artifact into the repository.
 * What fails in a step is told in the result; what keeps it from beginning is thrown.
 * @throws ArtifactError `invalid` (changes that are not committed, no channel), `conflict` (it is being built), `cancelled`
 */
export async function buildApp(request: BuildRequest): Promise<BuildResult> {
  const { model, app, wishes, undo, signal } = request;
  const { root, configs, manifest } = model.workspace;
  const folder = folderOf(app);
  const read = [...configs, ...(manifest === undefined ? [] : [manifest])];
  const source = await sourceFacts(folder, read, request.env, signal);
  const isForUpload = !wishes.testOnly && !wishes.prepareOnly;
  if (isForUpload) checkSource(app.name, source, wishes);
  const channel = channelOf(source, wishes.channel, isForUpload && request.place !== undefined);
  const { place } = request;
  if (isForUpload && place !== undefined && channel !== undefined) {
    const version = versionOf(wishes, request.env);
    await place.check({ app: app.name, channel, artifact: artifactName(app.name), version }, signal);
  }
  const places = openBuildFolder(path.resolve(root), app.name, undo);
  try {
    giveBack(places.kept);
    return await runSteps(workOf(request, { folder, source, channel, places, read }));
  } finally {
    places.close();
  }
}

function workOf(
  { model, app, wishes, place, reporter, signal, undo, env, toolVersion }: BuildRequest,
  found: Pick<Work, 'folder' | 'source' | 'channel' | 'places' | 'read'>,
): Work {
  const settings: BuildSettings = app.build ?? { steps: {} };
  return {
    ...found,
    ...{ app: app.name, model, settings, wishes, place, reporter, signal, undo, toolVersion },
    compression: app.compression ?? 'zstd',
    env: stepEnvironment(env, app.name, found),
    log: noLog,
    after: [],
    warnings: [],
  };
}

function folderOf({ name, folder }: App): string {
  if (folder === undefined) {
    throw new ArtifactError('invalid', `${name} has no folder here: only central layers speak of it`);
  }
  return path.resolve(folder);
}

/** What cannot be built again by others is not built for them. */
function checkSource(app: string, source: SourceFacts, { allowDirty }: BuildWishes): void {
  if (allowDirty) return;
  if (source.changed === undefined) {
    const message = `${app} cannot be built from a known commit: ${source.withoutGit ?? 'git does not tell'}. Build it in a clone, or give --allow-dirty`;
    throw new ArtifactError('invalid', message);
  }
  const [first, ...others] = source.changed;
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new ArtifactError(
    'invalid',
    `${app} has changes that are not committed (${first}${more}): commit or ignore them, or give --allow-dirty`,
  );
}

/** The same everywhere, so that what scripts make is the same; and what yodeploy's scripts expect. */
function stepEnvironment(
  env: NodeJS.ProcessEnv,
  app: string,
  { folder, source }: { folder: string; source: SourceFacts },
): NodeJS.ProcessEnv {
  const tools = [path.join(folder, 'virtualenv', 'bin'), path.join(folder, 'node_modules', '.bin')];
  const time = env.SOURCE_DATE_EPOCH || source.time?.toString();
  return {
    ...env,
    APPNAME: app,
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    PATH: [...tools, env.PATH ?? ''].join(path.delimiter),
    ...(time === undefined ? {} : { SOURCE_DATE_EPOCH: time }),
  };
}

async function runSteps(work: Work): Promise<BuildResult> {
  const results: StepResult[] = [];
  let failure: ArtifactError | undefined;
  try {
    for (const [step, run] of steps) {
      const ended = await runStep(work, step, isWanted(step, work.wishes) ? run : undefined);
      results.push(ended.result);
      failure = ended.failure;
      if (failure !== undefined) break;
    }
  } finally {
    for (const action of work.after.reverse()) action();
  }
  const { app, channel, source, tests, tarball, uploaded, places, warnings } = work;
  return {
    ...{ app, channel, source, warnings, steps: results, logs: places.logs },
    ...(tests === undefined ? {} : { tests }),
    ...(tarball === undefined ? {} : { tarball }),
    ...(uploaded === undefined ? {} : { uploaded }),
    ...(failure === undefined ? {} : { failure }),
  };
}

function isWanted(step: StepName, { skipTests, testOnly, prepareOnly }: BuildWishes): boolean {
  if (step === 'configure' || step === 'prepare' || step === 'summary') return true;
  if (prepareOnly) return false;
  if (step === 'test') return !skipTests;
  return !testOnly;
}

async function runStep(
  work: Work,
  step: StepName,
  run: ((work: Work) => Promise<StepOutcome>) | undefined,
): Promise<{ result: StepResult; failure?: ArtifactError }> {
  if (run === undefined) return { result: { step, outcome: 'left-out', ms: 0 } };
  const start = performance.now();
  work.log = stepLog(path.join(work.places.logs, `${step}.log`));
  work.reporter.begin(step);
  let outcome: StepOutcome = 'failed';
  let failure: ArtifactError | undefined;
  try {
    checkCancelled(work.signal);
    outcome = await run(work);
    if (outcome === 'none') work.log.write(Buffer.from('nothing to do\n'));
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    failure = error;
    outcome = error.code === 'cancelled' ? 'cancelled' : 'failed';
    work.log.write(Buffer.from(`strata: ${error.message}\n`));
  } finally {
    const left = work.log.close();
    work.log = noLog;
    if (left > 0)
      warn(work, `the output of ${step} is too long for its log: ${left} bytes are left out in the middle`);
  }
  const result = { step, outcome, ms: Math.round(performance.now() - start) };
  work.reporter.end(result);
  return { result, ...(failure === undefined ? {} : { failure }) };
}
