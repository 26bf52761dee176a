import { type Context, sameContext } from '../layers/context.ts';
import { type StackFile, stackFiles } from '../layers/stack.ts';
import type { Model } from '../workspace/model.ts';
import { type App, buildContextsOf, contextsOf } from '../workspace/workspace.ts';

/** Which files an app loads in which contexts. */
export interface AppStacks {
  app: App;
  /** The contexts that are checked. */
  checked: ContextFiles[];
  /** Build mode where nothing is only for builds: not checked, but what is redundant must be so there too. */
  further: ContextFiles[];
  /** Every file of them. */
  files: ReadonlySet<string>;
}

export interface ContextFiles {
  of: Context;
  /** The layers, lowest first, without the built-in one. */
  files: StackFile[];
}

export function appStacks(model: Model, app: App): AppStacks {
  const { workspace, layersIn } = model;
  const withFiles = (of: Context) => ({ of, files: stackFiles(workspace, of, layersIn) });
  const checkedContexts = lintedContexts(model, app.name);
  const checked = checkedContexts.map(withFiles);
  const builds = buildContextsOf(workspace, app.name);
  const further = builds.filter((of) => !checkedContexts.some((one) => sameContext(one, of))).map(withFiles);
  const files = new Set([...checked, ...further].flatMap((one) => one.files.map(({ file }) => file)));
  return { app, checked, further, files };
}

/**
 * The contexts of an app that are checked: all that it is deployed to, and build mode where some layer is only for
 * builds.
 */
export function lintedContexts(model: Model, app: string): Context[] {
  const builds = buildContextsOf(model.workspace, app);
  const [build] = builds;
  const deployed = contextsOf(model.workspace, app);
  return build !== undefined && hasBuildLayers(model, build) ? [...deployed, ...builds] : deployed;
}

/** Whether a layer is there that only builds read. Such slots name no environment, so one build tells of all. */
function hasBuildLayers(model: Model, build: Context): boolean {
  const { scheme } = model.workspace;
  const slots = scheme.slots.filter(({ modes }) => modes?.every((mode) => mode === 'build'));
  const alone = { ...model.workspace, scheme: { ...scheme, slots } };
  return stackFiles(alone, build, model.layersIn).length > 0;
}
