/** What a deployment would do to a box: `POST /v1/plan`. Nothing is done. */
export interface Plan {
  app: string;
  channel: string;
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
  /** What stands in the way, in words: too little room, a busy app, an artifact nobody signed. */
  obstacles: string[];
  /** Names all of this: a deployment with it is refused where the box has moved since. */
  digest: string;
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
