import { type Context, contextLabel } from '../../core/layers/context.ts';
import { renderConfiguration, renderPublic } from '../../core/render/render.ts';
import type { Model } from '../../core/workspace/model.ts';
import { type App, contextsOf } from '../../core/workspace/workspace.ts';
import { exitCodes, UsageError, WorkError } from '../failure.ts';
import { type Interruption, watchForInterruption } from '../interruption.ts';
import { type Configurations, configurationFiles, configurationLines } from '../output/configurations.ts';
import { type FoldedProblems, foldProblems } from '../output/foldedProblems.ts';
import { type Progress, progressOn } from '../output/progress.ts';
import { openWorkspace } from '../workspace.ts';

interface Options {
  directory?: string;
  hostname?: string;
  /** The folder that files are written into; lines on standard output when left out. */
  output?: string;
}

interface Work {
  model: Model;
  hostname: string | undefined;
  configurations: Configurations;
  problems: FoldedProblems;
  progress: Progress;
  interruption: Interruption | undefined;
  done: number;
  failed: number;
}

/**
 * `strata render --all`: the configurations of all apps in all their contexts. One that has a problem is left out,
 * and the others are rendered all the same.
 */
export async function renderAll({ directory, hostname, output }: Options): Promise<void> {
  const model = openWorkspace(directory);
  const { workspace } = model;
  if (workspace.apps.length === 0) throw new UsageError(`there is no app in ${workspace.root}`);
  const toFiles = output !== undefined;
  const work: Work = {
    model,
    hostname,
    configurations: toFiles ? configurationFiles(workspace, output) : configurationLines(process.stdout),
    problems: foldProblems(model),
    progress: progressOn(process.stderr),
    // What is printed may be cut anywhere; a file may not.
    interruption: toFiles ? watchForInterruption() : undefined,
    done: 0,
    failed: 0,
  };
  // A manifest with a mistake may mean other layers than it says: better no configuration than a wrong one.
  const isUsable = !work.problems.add(undefined, workspace.problems);
  if (!isUsable) process.exitCode = exitCodes.problems;
  try {
    if (isUsable) await renderApps(work);
  } finally {
    work.progress.done();
    work.problems.tell();
  }
  tellResult(work, output);
  work.interruption?.end();
}

async function renderApps(work: Work): Promise<void> {
  const { apps } = work.model.workspace;
  for (const [index, app] of apps.entries()) {
    renderApp(work, app);
    await work.configurations.flush();
    if (work.interruption?.came()) return;
    work.progress.tell(`${index + 1} of ${apps.length} apps`);
  }
}

/** Renders an app in all its contexts, and lets its layers go: the next app has others. */
function renderApp(work: Work, app: App): void {
  const { model, hostname } = work;
  const own = new Set<string>();
  for (const of of contextsOf(model.workspace, app.name)) {
    const files = renderContext(work, hostname === undefined ? of : { ...of, hostname });
    for (const { slot, file } of files) if (slot.startsWith(app.name)) own.add(file);
  }
  for (const file of own) model.store.letGo(file);
}

/** @returns the layers that it is made of. */
function renderContext(work: Work, of: Context): readonly { slot: string; file: string }[] {
  const { model, configurations } = work;
  const whole = renderConfiguration(model, of);
  const open = configurations.holdPublic ? renderPublic(model, of, whole.root) : undefined;
  if (work.problems.add(of, [...whole.problems, ...(open?.problems ?? [])])) {
    work.failed++;
    process.exitCode = exitCodes.problems;
    return whole.stack;
  }
  try {
    configurations.put(of, whole.root, open?.root);
  } catch (error) {
    if (!(error instanceof WorkError)) throw error;
    const before = `${work.done} configurations were written before it`;
    throw new WorkError(`${of.app}: ${contextLabel(of)}: ${error.message} (${before})`);
  }
  work.done++;
  return whole.stack;
}

function tellResult({ done, failed }: Work, output: string | undefined): void {
  if (output !== undefined) process.stderr.write(`wrote ${done} configurations into ${output}\n`);
  if (failed > 0) process.stderr.write(`${failed} of ${done + failed} configurations have errors\n`);
}
