/**
 * How a configuration is put together: `deploy` on a box, `local` on a developer's machine, `build`
 * while the app is built.
 */
export type Mode = 'deploy' | 'local' | 'build';

/** One place in the order of layers. */
export interface SlotPattern {
  /** The directories it is looked for in: every central one in turn, or the app's own. */
  where: 'central' | 'app';
  /** The file's name without its ending; `{app}`, `{env}` and `{cluster}` stand for the context's. */
  name: string;
  /** The modes it is read in; every mode when absent. */
  modes?: readonly Mode[];
}

/** A way of layering configuration, as data: the files' names and their order, lowest first. */
export interface Scheme {
  name: string;
  /** The folder of an app's own layers, inside the app's folder. */
  appDirectory: string;
  /** The folder of an app's templates, inside the app's folder. */
  templateDirectory: string;
  /** A folder in the app's own one that counts as the first central directory in local and build mode. */
  localDirectory: string;
  /** The app's list of settings that may be made public, without its ending. */
  publicData: string;
  /** The JSON Schema of the app's settings, without its ending. */
  schema: string;
  /** Names in the app's own folder that are no layers, without their endings. */
  notLayers: readonly string[];
  /** What stands for `{cluster}` in a context without a cluster; such slots are absent when left out. */
  noCluster?: string;
  /** File endings; when a slot has several files in one directory, the first of this list wins. */
  endings: readonly string[];
  slots: readonly SlotPattern[];
}

const local = ['local', 'build'] as const;
const build = ['build'] as const;

/**
 * The order of yoconfigurator (`config_sources` in yoconfigurator/smush.py), with one deliberate difference:
 * a file stands in a stack once, at its last slot, where the reference would apply `common-local` twice in the
 * environment `local` and so double its lists. A context without a cluster reads `-None` layers, because the
 * reference puts Python's `None` in the name.
 */
export const yoconfigurator: Scheme = {
  name: 'yoconfigurator',
  appDirectory: 'deploy/configuration',
  templateDirectory: 'deploy/templates',
  localDirectory: 'local',
  publicData: 'public-data',
  schema: 'schema',
  notLayers: ['public-data', 'schema'],
  noCluster: 'None',
  endings: ['.yaml', '.yml', '.json'],
  slots: [
    { where: 'central', name: 'hostname' },
    { where: 'central', name: 'hostname-local', modes: local },
    { where: 'central', name: 'hostname-build', modes: build },
    { where: 'central', name: 'common' },
    { where: 'central', name: 'common-{env}' },
    { where: 'central', name: 'common-{env}-{cluster}' },
    { where: 'central', name: 'common-local', modes: local },
    { where: 'central', name: 'common-build', modes: build },
    { where: 'central', name: 'common-overrides' },
    { where: 'app', name: '{app}-default' },
    { where: 'app', name: '{app}-{env}' },
    { where: 'app', name: '{app}-{env}-{cluster}' },
    { where: 'central', name: '{app}' },
    { where: 'central', name: '{app}-{env}' },
    { where: 'central', name: '{app}-{env}-{cluster}' },
    { where: 'app', name: '{app}-local', modes: local },
    { where: 'app', name: '{app}-build', modes: build },
    { where: 'central', name: '{app}-local', modes: local },
    { where: 'central', name: '{app}-build', modes: build },
    { where: 'central', name: '{app}-overrides' },
  ],
};

/** The schemes that a manifest can name. */
export const schemes: ReadonlyMap<string, Scheme> = new Map([[yoconfigurator.name, yoconfigurator]]);

/** Words that stand behind a `-` in a layer's name and so cannot name an environment. */
export const reservedEnvironments: readonly string[] = ['build', 'default', 'overrides'];

/** The environment that means local mode. */
export const localEnvironment = 'local';

/** Splits a file's name into the part that a slot names and its ending; `undefined` for other files. */
export function layerStem(scheme: Scheme, fileName: string): { stem: string; ending: string } | undefined {
  const ending = scheme.endings.find((end) => fileName.endsWith(end) && fileName.length > end.length);
  return ending === undefined ? undefined : { stem: fileName.slice(0, -ending.length), ending };
}
