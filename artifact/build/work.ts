import type { BuildSettings, Compression } from '../../core/workspace/buildSettings.ts';
import type { Model } from '../../core/workspace/model.ts';
import type { BuildFolder } from './buildFolder.ts';
import type { StepCommand } from './conventions.ts';
import type { SourceFacts } from './gitFacts.ts';
import type { TestSummary } from './junit.ts';
import type { ArtifactPlace } from './place.ts';
import type { Reporter } from './reporter.ts';
import { runCommand } from './runCommand.ts';
import type { StepLog } from './stepLog.ts';
import type { Undo } from './undo.ts';

/** What the caller of a build wants. */
export interface BuildWishes {
  environment?: string | undefined;
  cluster?: string | undefined;
  /** The channel; that of the branch when left out. */
  channel?: string | undefined;
  version?: string | undefined;
  /** A folder where the tarball stays, too. */
  output?: string | undefined;
  timeoutMs?: number | undefined;
  skipTests?: boolean | undefined;
  testOnly?: boolean | undefined;
  prepareOnly?: boolean | undefined;
  forceVirtualenv?: boolean | undefined;
  /** The configuration stays where it was written. */
  keep?: boolean | undefined;
  allowDirty?: boolean | undefined;
}

/** What was packed, on its way to the repository. */
export interface Tarball {
  file: string;
  sha256: string;
  size: number;
  compression: Compression;
  /** How many entries it has; unknown of one that a script has made. */
  entries?: number;
  /** How much its files are when they are unpacked, in bytes; unknown likewise. */
  expandedBytes?: number;
}

/** What the steps of a build know, and what they add for those behind them. */
export interface Work {
  readonly app: string;
  /** The app's folder. */
  readonly folder: string;
  readonly model: Model;
  /** What else the build reads: central directories and the manifest. */
  readonly read: readonly string[];
  readonly settings: BuildSettings;
  readonly compression: Compression;
  readonly wishes: BuildWishes;
  readonly source: SourceFacts;
  /** Nothing where the build is for no channel: tests alone on a head without a name. */
  readonly channel: string | undefined;
  /** Where artifacts go to and come from; nothing where there is no repository. */
  readonly place: ArtifactPlace | undefined;
  readonly places: BuildFolder;
  /** What commands of the app find in their environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly undo: Undo;
  /** The log of the step that is at work. */
  log: StepLog;
  /** Done when the build is over, whatever came of it. */
  readonly after: (() => void)[];
  warnings: string[];
  /** The version of Strata. */
  readonly toolVersion: string;
  /** The artifacts that hold the app's virtualenv and node modules, for boxes. */
  virtualenv?: string;
  nodeModules?: string;
  tests?: TestSummary;
  tarball?: Tarball;
  uploaded?: { version: string; where: string; signed: boolean };
}

const defaultTimeoutMs = 30 * 60 * 1000;

/** Runs a command in the app's folder; what it prints goes to the reporter and into the step's log. */
export function runIn(
  work: Work,
  { name, command, args }: StepCommand,
  env: NodeJS.ProcessEnv = {},
): Promise<void> {
  const { settings, wishes, reporter, signal, undo, folder } = work;
  const ownMs = settings.timeout === undefined ? defaultTimeoutMs : settings.timeout * 60_000;
  note(work, `$ ${name}`);
  return runCommand(command, args, {
    cwd: folder,
    env: { ...work.env, ...env },
    name,
    signal,
    timeoutMs: wishes.timeoutMs ?? ownMs,
    undo,
    onBytes: (bytes) => work.log.write(bytes),
    onLines: (lines) => reporter.lines(lines),
  });
}

/** Says something of ours, in the log as well. */
export function note(work: Work, text: string): void {
  work.log.write(Buffer.from(`${text}\n`));
  work.reporter.note(text);
}

/** Warns now, and again in the summary. */
export function warn(work: Work, text: string): void {
  work.log.write(Buffer.from(`warning: ${text}\n`));
  work.reporter.warn(text);
  work.warnings.push(text);
}
