import path from 'node:path';
import { context, contextLabel } from '../../../core/layers/context.ts';
import { localEnvironment } from '../../../core/layers/scheme.ts';
import type { Problem } from '../../../core/problem.ts';
import { configurationJson } from '../../../core/render/json.ts';
import { renderConfiguration, renderPublic } from '../../../core/render/render.ts';
import { relativePath } from '../../../core/text/paths.ts';
import type { Model } from '../../../core/workspace/model.ts';
import { ArtifactError } from '../../failure.ts';
import { borrowFiles, keepBorrowed } from '../borrowedFiles.ts';
import { shellCommand } from '../conventions.ts';
import type { StepOutcome } from '../reporter.ts';
import { note, runIn, type Work } from '../work.ts';

/**
 * Writes the effective configuration in build mode where the app's build and tests expect it: `configuration.json` in the app's
 * folder, and `configuration_public.json` where it has a public part. They go away again when the build is over,
 * and what was there before comes back.
 */
export async function configure(work: Work): Promise<StepOutcome> {
  const said = work.settings.steps.configure;
  if (said === false) return 'none';
  if (said !== undefined) {
    await runIn(work, shellCommand(said));
    return 'done';
  }
  const files = render(work);
  const { kept } = work.places;
  let giveBack: () => void;
  try {
    giveBack = borrowFiles(kept, files);
  } catch (error) {
    throw new ArtifactError(
      'failed',
      `the configuration cannot be written: ${(error as Error).message}`,
      error,
    );
  }
  const forget = work.undo.add(giveBack);
  work.after.push(() => {
    forget();
    if (work.wishes.keep) keepBorrowed(kept);
    else giveBack();
  });
  for (const { file } of files) note(work, `wrote ${path.relative(work.folder, file)}`);
  return 'done';
}

/** What is written, or `failed` with the problems told one by one. */
function render(work: Work): { file: string; text: string }[] {
  const { model, app, folder } = work;
  const of = context(app, ...placeOf(work));
  note(work, `the configuration of ${app} for ${contextLabel(of)}`);
  const whole = renderConfiguration(model, of);
  const open = renderPublic(model, of, whole.root);
  const problems = [...whole.problems, ...(open?.problems ?? [])];
  for (const one of problems) note(work, problemLine(model, one));
  const errors = problems.filter((one) => one.severity === 'error').length;
  if (errors > 0) {
    const many = errors === 1 ? 'a problem' : `${errors} problems`;
    throw new ArtifactError(
      'failed',
      `the configuration for ${contextLabel(of)} has ${many}: mend what is told above`,
    );
  }
  const files = [{ file: path.join(folder, 'configuration.json'), text: configurationJson(whole.root) }];
  if (open === undefined) return files;
  const publicFile = path.join(folder, 'configuration_public.json');
  return [...files, { file: publicFile, text: configurationJson(open.root) }];
}

/** The environment that the app is built for. */
function placeOf({
  wishes,
  settings,
  model,
}: Work): [string, { cluster?: string | undefined; mode: 'build' }] {
  const environment = wishes.environment ?? settings.environment ?? usualEnvironment(model);
  const own = wishes.environment === undefined ? settings.cluster : undefined;
  const cluster = wishes.cluster ?? own;
  const known = model.workspace.environments.find((one) => one.name === environment);
  if (known === undefined) {
    throw new ArtifactError('invalid', `there is no environment ${environment} to build for`);
  }
  if (cluster !== undefined && !known.clusters.includes(cluster)) {
    throw new ArtifactError('invalid', `the environment ${environment} has no cluster ${cluster}`);
  }
  return [environment, { cluster, mode: 'build' }];
}

function usualEnvironment({ workspace }: Model): string {
  const deployed = workspace.environments.find((one) => one.name !== localEnvironment);
  return deployed?.name ?? localEnvironment;
}

/** `FILE:LINE:COLUMN: error CODE: SETTING: MESSAGE`, as `strata lint` tells it. */
function problemLine(model: Model, { file, range, severity, code, setting, message }: Problem): string {
  const { line, character } = model.lines(file).position(range.start);
  const place = `${relativePath(model.workspace.root, file)}:${line + 1}:${character + 1}`;
  return `${place}: ${severity} ${code}: ${setting === undefined ? '' : `${setting}: `}${message}`;
}
