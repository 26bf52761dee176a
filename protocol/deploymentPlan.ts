import { isFlag, isListOf, isObject, isOrNull, isText } from './values.ts';

/** What a deployment would do to a box: `POST /v1/plan`. Nothing is done. */
export interface Plan {
  app: string;
  channel: string;
  /** Which box it is, by the agent's own config; older agents do not tell. */
  place?: PlanPlace;
  /** The version that is live; `null` where none is. */
  from: string | null;
  to: string;
  /** Nothing at all would be done. */
  isNoOp: boolean;
  /** Those between the versions, newest first: they come, or go where `to` is the lower one. */
  commits: { sha: string; text: string }[];
  config: ConfigChange[];
  files: FileChange[];
  units: NamedChange[];
  vhosts: NamedChange[];
  /** Names of services that would be started again. */
  restarts: string[];
  migrations: string[];
  hooks: string[];
  /** What a person should know beside; older agents do not tell. */
  notes?: string[];
  /** What stands in the way, in words: too little room, a busy app, an artifact nobody signed. */
  obstacles: string[];
  /** Names all of this: a deployment with it is refused where the box has moved since. */
  digest: string;
}

/** What decides which configuration a box gives to apps. */
export interface PlanPlace {
  environment: string;
  cluster: string | null;
  hostname: string | null;
}

/** A setting whose effective value changes. A value is JSON, or `sha256:…` of it where the setting is a secret. */
export interface ConfigChange {
  setting: string;
  old: string | null;
  new: string | null;
  /** The layer that gives the new value, or that gave the old one or took it away, as `FILE:LINE:COLUMN`; empty where nobody knows. */
  layer: string;
}

export interface FileChange {
  path: string;
  /** A unified diff, in which secrets are `sha256:…` as well; `null` where the file is no text, or holds secrets that cannot be told. */
  diff: string | null;
}

export interface NamedChange {
  name: string;
  change: 'added' | 'changed' | 'removed';
}

export function isPlan(value: unknown): value is Plan {
  if (!isObject(value)) return false;
  const { restarts, migrations, hooks, notes, obstacles } = value;
  return (
    [value.app, value.channel, value.to, value.digest].every(isText) &&
    isOrNull(value.from, isText) &&
    (value.place === undefined || isPlace(value.place)) &&
    isFlag(value.isNoOp) &&
    isListOf(value.commits, isCommit) &&
    isListOf(value.config, isConfigChange) &&
    isListOf(value.files, isFileChange) &&
    [value.units, value.vhosts].every((list) => isListOf(list, isNamedChange)) &&
    (notes === undefined || isListOf(notes, isText)) &&
    [restarts, migrations, hooks, obstacles].every((list) => isListOf(list, isText))
  );
}

function isPlace(value: unknown): value is PlanPlace {
  if (!isObject(value)) return false;
  return isText(value.environment) && [value.cluster, value.hostname].every((one) => isOrNull(one, isText));
}

function isCommit(value: unknown): value is Plan['commits'][number] {
  return isObject(value) && isText(value.sha) && isText(value.text);
}

function isConfigChange(value: unknown): value is ConfigChange {
  if (!isObject(value)) return false;
  const { setting, layer, old, new: next } = value;
  return isText(setting) && isText(layer) && isOrNull(old, isText) && isOrNull(next, isText);
}

function isFileChange(value: unknown): value is FileChange {
  return isObject(value) && isText(value.path) && isOrNull(value.diff, isText);
}

function isNamedChange(value: unknown): value is NamedChange {
  return (
    isObject(value) && isText(value.name) && ['added', 'changed', 'removed'].includes(String(value.change))
  );
}
