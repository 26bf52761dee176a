import type { MappingNode } from '../yaml/tree.ts';

/** The steps of a build that a manifest may say otherwise of. */
export const buildSteps = ['configure', 'prepare', 'build', 'test', 'package'] as const;

export type BuildStep = (typeof buildSteps)[number];

/** How an app is built, where its manifest says otherwise than the convention. */
export interface BuildSettings {
  /** For each step the shell command that takes its place, or `false` where the step is left out. */
  steps: Partial<Record<BuildStep, string | false>>;
  /** The environment, and its cluster, that the app is configured for while it is built. */
  environment?: string;
  cluster?: string;
  /** What the build makes that goes into the artifact: paths in the app's folder. */
  outputs?: string[];
  /** Where the reports of tests are: patterns like those of `.gitignore`, in the app's folder. */
  reports?: string[];
  /** How long a step may take, in minutes. */
  timeout?: number;
}

/** How the tarballs of an app can be packed. */
export type Compression = 'zstd' | 'gzip';

/** What an app's mapping says of its build; what is no setting of it is left to the schema to tell. */
export function readBuildSettings(node: MappingNode | undefined): BuildSettings | undefined {
  if (node === undefined) return undefined;
  const environment = textAt(node, 'environment');
  const cluster = textAt(node, 'cluster');
  const outputs = textsAt(node, 'outputs');
  const reports = textsAt(node, 'reports');
  const timeout = minutesAt(node);
  return {
    steps: Object.fromEntries(buildSteps.flatMap((step) => stepAt(node, step))),
    ...(environment === undefined ? {} : { environment }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(outputs === undefined ? {} : { outputs }),
    ...(reports === undefined ? {} : { reports }),
    ...(timeout === undefined ? {} : { timeout }),
  };
}

/** The compression that an app's mapping names. */
export function readCompression(node: MappingNode): Compression | undefined {
  const name = textAt(node, 'compression');
  return name === 'zstd' || name === 'gzip' ? name : undefined;
}

function stepAt(node: MappingNode, step: BuildStep): [BuildStep, string | false][] {
  const value = node.entries.get(step)?.value;
  if (value?.kind === 'string' && value.value !== '') return [[step, value.value]];
  return value?.kind === 'boolean' && !value.value ? [[step, false]] : [];
}

function textAt(node: MappingNode, key: string): string | undefined {
  const value = node.entries.get(key)?.value;
  return value?.kind === 'string' && value.value !== '' ? value.value : undefined;
}

function textsAt(node: MappingNode, key: string): string[] | undefined {
  const value = node.entries.get(key)?.value;
  if (value?.kind !== 'list') return undefined;
  return value.items.flatMap((item) => (item.kind === 'string' && item.value !== '' ? [item.value] : []));
}

function minutesAt(node: MappingNode): number | undefined {
  const value = node.entries.get('timeout')?.value;
  if (value?.kind !== 'integer' && value?.kind !== 'float') return undefined;
  const minutes = Number(value.value);
  return minutes > 0 && Number.isFinite(minutes) ? minutes : undefined;
}
