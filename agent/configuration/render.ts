import { type Context, context } from '../../core/layers/context.ts';
import type { EffectiveMapping, StackLayer } from '../../core/merge/setting.ts';
import type { Problem } from '../../core/problem.ts';
import { configurationJson } from '../../core/render/json.ts';
import { renderConfiguration, renderPublic } from '../../core/render/render.ts';
import { relativePath } from '../../core/text/paths.ts';
import { inferWorkspace } from '../../core/workspace/discover.ts';
import { type Model, openModel } from '../../core/workspace/model.ts';
import { defaultPolicy } from '../../core/workspace/workspace.ts';
import { corePath, diskSource } from '../../disk/diskSource.ts';
import { AgentError } from '../failure.ts';
import type { Central } from './central.ts';
import type { ConfigurationSettings } from './settings.ts';

/** A release whose configuration is asked for. */
export interface ReleaseLayers {
  app: string;
  /** The folder of the release, with `deploy/configuration/` in it. */
  release: string;
  central: Central;
}

/** The effective configuration of a release on this box. */
export interface ReleaseConfiguration {
  /** The bytes of `configuration.json`. */
  text: string;
  /** Those of `configuration_public.json`; nothing for an app that makes nothing public. */
  publicText: string | undefined;
  root: EffectiveMapping;
  /** The layers, lowest first. */
  stack: readonly StackLayer[];
  /** Where a place is, as people read it: `configs/common.yaml:3:5`. */
  placeText(file: string, offset: number): string;
}

/** So many problems are told: what comes after them is rarely news. */
const mostProblems = 20;

/**
 * Merges the layers of a release with the central ones, as `strata render` does. Throws `refused` where they give no configuration: with
 * the file, line and column of every mistake.
 */
export function renderRelease(
  settings: ConfigurationSettings,
  { app, release, central }: ReleaseLayers,
): ReleaseConfiguration {
  const of = contextOf(settings, app);
  const model = releaseModel(settings, app, release, central.folders);
  const placeText = placesOf(model, corePath(release), central);
  const whole = renderConfiguration(model, of);
  const open = renderPublic(model, of, whole.root);
  const problems = [...whole.problems, ...(open?.problems ?? [])];
  checkProblems(app, of, problems, placeText);
  return {
    text: configurationJson(whole.root),
    publicText: open && configurationJson(open.root),
    ...{ root: whole.root, stack: whole.stack, placeText },
  };
}

function contextOf({ environment, cluster, hostname }: ConfigurationSettings, app: string): Context {
  return context(app, environment, { cluster, hostname });
}

function releaseModel(
  { merge = defaultPolicy, yaml = '1.2' }: ConfigurationSettings,
  app: string,
  release: string | undefined,
  configs: string[],
): Model {
  const source = diskSource();
  const workspace = inferWorkspace(source, corePath(release ?? '/'), { apps: [], configs });
  const folder = release === undefined ? {} : { folder: corePath(release) };
  return openModel(source, { ...workspace, merge, yaml, apps: [{ name: app, ...folder }] });
}

/** The files of the central layers that an app is configured with, lowest first, with their texts. */
export function centralLayers(
  settings: ConfigurationSettings,
  app: string,
  { base, folders }: Central,
): { file: string; text: string }[] {
  const stack = releaseModel(settings, app, undefined, folders).stack(contextOf(settings, app));
  return stack
    .filter((one) => one.file !== '')
    .map(({ file, layer }) => ({ file: relativePath(base, file), text: layer.text }));
}

/** Central layers are shown by the artifact's name, or by their whole path where they are no artifact's. */
function placesOf(model: Model, release: string, central: Central): ReleaseConfiguration['placeText'] {
  const shown = (file: string) => {
    if (file.startsWith(`${release}/`)) return relativePath(release, file);
    if (central.version === undefined) return file;
    return `configs/${relativePath(central.base, file)}`;
  };
  return (file, offset) => {
    const { line, character } = model.lines(file).position(offset);
    return `${shown(file)}:${line + 1}:${character + 1}`;
  };
}

function checkProblems(
  app: string,
  of: Context,
  problems: readonly Problem[],
  placeText: ReleaseConfiguration['placeText'],
): void {
  const errors = problems.filter((one) => one.severity === 'error');
  if (errors.length === 0) return;
  const lines = errors.slice(0, mostProblems).map(({ file, range, code, setting, message }) => {
    const what = setting === undefined ? message : `${setting}: ${message}`;
    return `${placeText(file, range.start)}: ${code}: ${what}`;
  });
  if (errors.length > lines.length) lines.push(`and ${errors.length - lines.length} more`);
  const where = of.cluster === undefined ? of.environment : `${of.environment}/${of.cluster}`;
  throw new AgentError('refused', `${app} has no configuration for ${where}:\n${lines.join('\n')}`);
}
