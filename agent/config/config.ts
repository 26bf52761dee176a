import type { ArtifactSettings } from '../../core/workspace/artifactSettings.ts';
import type { Occasion, WebhookFormat } from '../webhooks/report.ts';
import type { Limits } from './limits.ts';

/** What the agent of a box knows of itself and of its work. Paths are absolute, times in milliseconds. */
export interface AgentConfig {
  /** Where it was read from. */
  file: string;
  environment: string;
  cluster: string | undefined;
  hostname: string;
  /** The folder of the apps. */
  root: string;
  /** The folder of journals, tokens and keys. */
  state: string;
  listen: ListenSettings;
  repository: ArtifactSettings & { store: string };
  configs: ConfigsSettings;
  hooks: { user: string | undefined; timeout: number };
  /** What steps may do: change what the system runs; make virtualenvs and node_modules that the repository does not have. */
  steps: { system: boolean; build: boolean };
  /** How many releases are kept beside the live one and the one before. */
  keep: number;
  apps: ReadonlyMap<string, AppSettings>;
  /** The values of settings whose dotted path matches one of these are never shown; the usual ones where nothing is said. */
  secrets: readonly RegExp[] | undefined;
  webhooks: readonly WebhookSettings[];
  /** Where people look at a deployment: `{id}` and `{app}` stand for those. */
  link: string | undefined;
  limits: Limits;
}

/** Where the agent is reached. */
export interface ListenSettings {
  /** The path of the unix socket. */
  socket: string;
  /** The group that may open it beside the agent's user. */
  socketGroup: string | number | undefined;
  address: { host: string; port: number } | undefined;
  /** `undefined` for an address without TLS. */
  tls: TlsFiles | undefined;
}

/** PEM files. */
export interface TlsFiles {
  certificate: string;
  key: string;
  /** Only clients that can show one of these, or one that they signed, are let in. */
  clientCertificates: string | undefined;
}

/** Where the central config comes from: an artifact, or a folder of this box. */
export type ConfigsSettings =
  | { kind: 'artifact'; app: string; channel: string; folders: string[] | undefined }
  | { kind: 'folder'; folder: string; folders: string[] | undefined };

/** What is particular to an app. */
export interface AppSettings {
  user: string | undefined;
  group: string | undefined;
  keep: number | undefined;
  timeout: number | undefined;
  health: HealthSettings | undefined;
}

/** What must hold before a deployment is done: one of the three checks. */
export interface HealthSettings {
  http: string | undefined;
  /** The status that it must answer with. */
  status: number | undefined;
  /** What must stand in the answer. */
  body: string | undefined;
  tcp: { host: string; port: number } | undefined;
  command: string | undefined;
  /** Before the first look. */
  startPeriod: number;
  interval: number;
  minHealthy: number;
  /** Until it must have become healthy. */
  timeout: number;
}

/** Who is told of deployments. */
export interface WebhookSettings {
  /** Tells them apart, also when addresses change. */
  name: string;
  url: string;
  on: readonly Occasion[];
  format: WebhookFormat;
}
