import type { MergePolicy, YamlVersion } from '../../core/workspace/workspace.ts';

/** Where the central config comes from: an artifact of its own, or a folder of this box. */
export type CentralSettings =
  | { kind: 'artifact'; app: string; channel: string; folders?: readonly string[] | undefined }
  | { kind: 'folder'; folder: string; folders?: readonly string[] | undefined };

/** What decides which configuration an app gets on this box. */
export interface ConfigurationSettings {
  environment: string;
  cluster?: string | undefined;
  /** The machine's name, which the app is told in the environment `local`. */
  hostname?: string | undefined;
  /** `folders` are those in it that have the layers, lowest first; itself when left out. */
  central: CentralSettings;
  /** Those of yoconfigurator when left out: lists append, types must agree; YAML 1.2. */
  merge?: MergePolicy | undefined;
  yaml?: YamlVersion | undefined;
}

/** Whom files are given to, by their numbers. */
export interface FileOwner {
  uid: number;
  gid: number;
}
