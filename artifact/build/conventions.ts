import fs from 'node:fs';
import path from 'node:path';
import type { BuildSettings } from '../../core/workspace/buildSettings.ts';
import { ArtifactError } from '../failure.ts';

/** A command that a step runs, and how messages name it. */
export interface StepCommand {
  name: string;
  command: string;
  args: string[];
}

/** What the app's package.json says of its build. */
export interface NodePackage {
  scripts: Readonly<Record<string, string>>;
  hasDependencies: boolean;
  hasLock: boolean;
}

/**
 * What a step runs: the manifest's command, the app's script, or the script of its package.json; `undefined` where the
 * app has none of them.
 */
export function commandOf(
  step: 'build' | 'test',
  folder: string,
  settings: BuildSettings,
): StepCommand | undefined {
  const said = settings.steps[step];
  if (said !== undefined) return said === false ? undefined : shellCommand(said);
  return scriptCommand(folder, `scripts/${step}.sh`) ?? npmCommand(folder, step);
}

/** A command of the manifest, as a shell reads it. */
export function shellCommand(line: string): StepCommand {
  const name = line.includes('\n') ? `${line.slice(0, line.indexOf('\n'))} …` : line;
  return { name, command: 'sh', args: ['-c', line] };
}

/** A script of the app, where it is there. */
export function scriptCommand(folder: string, script: string): StepCommand | undefined {
  if (!fs.existsSync(path.join(folder, script))) return undefined;
  return { name: script, command: `./${script}`, args: [] };
}

/** npm's own placeholder for tests that are not written yet. */
const noTest = /^echo "Error: no test specified" && exit 1$/;

function npmCommand(folder: string, script: string): StepCommand | undefined {
  const line = nodePackage(folder)?.scripts[script];
  if (line === undefined || noTest.test(line)) return undefined;
  return { name: `npm run ${script}`, command: 'npm', args: ['run', script] };
}

/** Reads the app's package.json, where it has one; `failed` for one that cannot be read. */
export function nodePackage(folder: string): NodePackage | undefined {
  const file = path.join(folder, 'package.json');
  if (!fs.existsSync(file)) return undefined;
  const json = readJson(file);
  const { scripts } = json;
  const lists = [json.dependencies, json.devDependencies, json.optionalDependencies];
  return {
    scripts: isMapping(scripts) ? (scripts as Record<string, string>) : {},
    hasDependencies: json.workspaces !== undefined || lists.some((one) => isMapping(one) && !isEmpty(one)),
    hasLock: lockFile(folder) !== undefined,
  };
}

/** The file that names the very versions of the node modules. */
export function lockFile(folder: string): string | undefined {
  const names = ['npm-shrinkwrap.json', 'package-lock.json'];
  return names.map((name) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

function readJson(file: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (isMapping(json)) return json;
  } catch (error) {
    throw new ArtifactError('failed', `${file} cannot be read: ${(error as Error).message}`, error);
  }
  throw new ArtifactError('failed', `${file} cannot be used: it is no JSON object`);
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
