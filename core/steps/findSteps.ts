import type { StepOptions, StepSettings } from './readSteps.ts';
import { type StepName, stepNames, stepsFile } from './stepNames.ts';

/** The files of an app, by their paths in it. Steps are found by what lies at its top and under `deploy/`. */
export interface AppFiles {
  has(path: string): boolean;
  /** The names of the files below a folder, by their paths in it; none where there is no such folder. */
  below(folder: string): readonly string[];
}

/** A step of an app, and why it is one, or why not. */
export interface FoundStep {
  name: StepName;
  isOn: boolean;
  /** What was found, or said, for a person. */
  why: string;
  options: StepOptions;
}

/**
 * The steps of an app, in their order: those that convention finds in its files, and those that its `deploy/steps.yaml` speaks of, also
 * to leave them out.
 */
export function findSteps(app: string, files: AppFiles, settings: StepSettings): FoundStep[] {
  return orderedSteps(settings.order).flatMap((name): FoundStep[] => {
    const said = settings.steps.get(name);
    const found = foundBy(name, app, files);
    if (said === false) return [{ name, isOn: false, why: `${stepsFile} says so`, options: {} }];
    const why = found ?? (said === undefined ? undefined : `${stepsFile} asks for it`);
    if (why === undefined) return [];
    return [{ name, isOn: true, why, options: typeof said === 'object' ? said : {} }];
  });
}

/** All steps; those that are named in an order take each other's places. */
export function orderedSteps(order: readonly StepName[]): StepName[] {
  const rest = [...order];
  return stepNames.map((name) => (order.includes(name) ? (rest.shift() ?? name) : name));
}

/** The folder of the templates that a step installs what they render. */
export const templateFolders: ReadonlyMap<StepName, string> = new Map([
  ['supervisor', 'deploy/templates/supervisord'],
  ['upstart', 'deploy/templates/upstart'],
  ['systemd', 'deploy/templates/systemd'],
  ['nginx', 'deploy/templates/nginx'],
  ['apache', 'deploy/templates/apache2'],
]);

/** The file that stands for a step by its name. */
const files: ReadonlyMap<StepName, string> = new Map([
  ['virtualenv', 'requirements.txt'],
  ['node', 'package-lock.json'],
  ['django', 'manage.py'],
  ['validate', 'deploy/hooks/validate'],
]);

/** What of a step is found in an app; for `pair`, `assets` and `health` nothing stands but what is said. */
export function foundBy(name: StepName, app: string, { has, below }: AppFiles): string | undefined {
  if (name === 'config') return 'always';
  const sought = soughtBy(name, app);
  if (sought === undefined) return undefined;
  if (!sought.endsWith('/')) return has(sought) ? sought : undefined;
  const folder = sought.slice(0, -1);
  const names = below(folder);
  if (name === 'tomcat' || name === 'data') return names.length > 0 ? sought : undefined;
  return countOf(folder, name === 'templates' ? ownTemplates(names) : names);
}

/** What convention looks for: a file, or files in a folder, with `/` at its end; `undefined` for a step that it never finds. */
export function soughtBy(name: StepName, app: string): string | undefined {
  if (name === 'tomcat') return `${app}/WEB-INF/`;
  if (name === 'data') return 'deploy/data/';
  if (name === 'templates') return 'deploy/templates/';
  const folder = templateFolders.get(name);
  return folder === undefined ? files.get(name) : `${folder}/`;
}

/** Those that no other step installs. */
export function ownTemplates(names: readonly string[]): string[] {
  const others = [...templateFolders.values()].map((folder) => `${folder.replace('deploy/templates/', '')}/`);
  return names.filter((name) => !others.some((folder) => name.startsWith(folder)));
}

function countOf(folder: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  return names.length === 1 ? `${folder}/${names[0]}` : `${names.length} files in ${folder}/`;
}
