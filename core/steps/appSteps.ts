import { type Problem, problem } from '../problem.ts';
import type { FileText } from '../source.ts';
import { joinPath } from '../text/paths.ts';
import { fileStart } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { App } from '../workspace/workspace.ts';
import type { AppFiles } from './findSteps.ts';
import { noStepSettings, readSteps, type StepSettings } from './readSteps.ts';
import { stepsFile } from './stepNames.ts';

/** The app whose steps a file speaks of, by its place; `undefined` for any other file. */
export function stepsApp({ workspace }: Model, file: string): App | undefined {
  if (!file.endsWith(`/${stepsFile}`)) return undefined;
  const folder = file.slice(0, -stepsFile.length - 1);
  return workspace.apps.find((app) => app.folder === folder);
}

/** Where an app says what it wants of its steps, be the file there or not; `undefined` for an app without a folder. */
export function stepsFileOf({ folder }: App): string | undefined {
  return folder === undefined ? undefined : joinPath(folder, stepsFile);
}

/** What an app says of its steps. A file that cannot be read is a problem. */
export function stepSettings(model: Model, app: App): StepSettings {
  const file = stepsFileOf(app);
  const content = file === undefined ? undefined : model.read(file);
  if (file === undefined || content === undefined) return noStepSettings;
  if ('error' in content) {
    const fault = problem('steps', { file, range: fileStart }, content.error);
    return { ...noStepSettings, problems: [fault] };
  }
  const settings = readSteps(file, content.text);
  return { ...settings, problems: [...faultsOf(file, content), ...settings.problems] };
}

/** Bytes that are no text. */
function faultsOf(file: string, { fault }: Extract<FileText, { text: string }>): Problem[] {
  if (fault === undefined) return [];
  const range = { start: fault.offset, end: fault.offset + 1 };
  return [problem('steps', { file, range }, fault.message)];
}

const mostLevels = 16;

/** The files of an app as they lie in the workspace; those of a release are what its build packed of them. */
export function appFiles(model: Model, { folder }: App): AppFiles {
  if (folder === undefined) return { has: () => false, below: () => [] };
  return {
    has(path) {
      const file = joinPath(folder, path);
      const end = file.lastIndexOf('/');
      return model.names(file.slice(0, end)).has(file.slice(end + 1));
    },
    below: (path) => namesBelow(model, joinPath(folder, path), mostLevels).sort(),
  };
}

/** The files below a folder, by their paths in it. */
function namesBelow(model: Model, folder: string, levels: number): string[] {
  const deeper = levels === 0 ? [] : model.folders(folder);
  const below = deeper.flatMap((name) =>
    namesBelow(model, joinPath(folder, name), levels - 1).map((file) => `${name}/${file}`),
  );
  return [...model.names(folder), ...below];
}
