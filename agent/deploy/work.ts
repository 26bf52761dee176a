import path from 'node:path';
import type { DeploymentState } from '../../protocol/deployment.ts';
import { AgentError } from '../failure.ts';
import type { Journal } from '../journal/journal.ts';
import type { Mask } from '../mask/mask.ts';
import type { AppPlaces } from '../releases/layout.ts';
import type { Reserve } from '../releases/reserve.ts';
import { stagedRelease } from '../releases/staging.ts';
import type { Changes } from './changes.ts';
import { asAgentError, isFull } from './failures.ts';
import type { AgentOptions } from './options.ts';
import { type DeploymentRecord, publicPart, type Records, type SwingRecord } from './records.ts';
import type { AppSettings } from './settings.ts';

/** What deployments of a box share. */
export interface Box {
  options: AgentOptions;
  /** Where the agent keeps its own. */
  state: string;
  records: Records;
  reserve: Reserve;
  /** Told whenever something of an app is not as it was. */
  changes: Changes;
}

/** A deployment on its way; its app is locked. */
export interface Work {
  box: Box;
  record: DeploymentRecord;
  /** Hides secrets. */
  journal: Journal;
  /** The same one for lines in which they are hidden already. */
  lines: Journal;
  places: AppPlaces;
  settings: AppSettings;
  mask: Mask;
  /** Somebody asks to stop; the reason says who. */
  signal: AbortSignal;
  /** The agent is about to end: what can be taken up again is left as it is. */
  leaving: AbortSignal;
  /** Lets others have the app. */
  free(): Promise<void>;
  /** How many lines of a hook an earlier life put into the journal, by `RUN STREAM`. */
  told: Map<string, number>;
  /** What the build says of the artifact, once that was looked for. */
  metadata?: Readonly<Record<string, string>>;
  /** What went wrong with the journal while nobody looked. */
  broken: AgentError | undefined;
}

/** Journals a state; what it stands for may be seen when this ends. */
export async function enter(work: Work, state: DeploymentState, reason?: string): Promise<void> {
  if (work.broken !== undefined) throw work.broken;
  await enterAnyhow(work, state, reason);
}

/** The same where the deployment ends or goes back, whatever else could not be journalled; on a full disk it takes the reserve. */
export async function enterAnyhow(work: Work, state: DeploymentState, reason?: string): Promise<void> {
  const event = { type: 'state', state, ...(reason === undefined ? {} : { reason }) } as const;
  await withReserve(work.box, () => work.journal.append(event));
  note(work, state, reason);
}

/** Does what must be done, where the disk is full in the room that is kept for it. */
export async function withReserve<T>({ reserve }: Pick<Box, 'reserve'>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isFull(error) || !(await reserve.giveUp())) throw error;
    return await work();
  }
}

/** Keeps a state that could not be journalled, or was. */
export function note(work: Work, state: DeploymentState, reason?: string): void {
  work.record.state = state;
  work.record.updated = Date.now();
  work.record.lastEvent = work.journal.last;
  if (reason !== undefined) work.record.reason = reason;
  work.box.changes.tell(work.record.app);
}

/** Tells those outside of the journal how it stands. */
export async function tellOthers({ box, record, journal }: Work, when: 'start' | 'end'): Promise<void> {
  const deployment = { ...publicPart(record), lastEvent: journal.last };
  await box.options.tell?.(deployment, when).catch(() => undefined);
}

/** Tells a line. It need not be waited for: the next state is told behind it. */
export function say(
  work: Work,
  stage: string,
  text: string,
  stream: 'stdout' | 'stderr' | 'agent' = 'agent',
): void {
  work.journal
    .append({ type: 'log', stage, stream, text })
    .catch((error) => (work.broken ??= asAgentError(error)));
}

/** Ends the work where somebody asked to; `cancelled`. */
export function stopIfAsked({ signal }: Work): void {
  if (signal.aborted) throw askedToStop(signal);
}

/** What ended the work: whoever asked to, or what failed. */
export function whyEnded({ signal }: Work, error: unknown): AgentError {
  return signal.aborted ? askedToStop(signal) : asAgentError(error);
}

function askedToStop({ reason }: AbortSignal): AgentError {
  return reason instanceof AgentError ? reason : new AgentError('cancelled', 'it was cancelled');
}

/** The deployment's folder for its hooks. */
export function hooksFolder({ box, record }: Work): string {
  return path.join(box.state, 'hooks', record.id);
}

/** What the deployment's steps keep of the box as it was before. */
export function stepsFolder({ box, record }: Work): string {
  return path.join(box.state, 'steps', record.id);
}

/** Where the app's archives are while they are downloaded and unpacked. */
export function downloads({ box, record }: Work): string {
  return path.join(box.state, 'downloads', record.app);
}

/** What the archive becomes when all of it is there, and right. */
export function archiveFile(work: Work): string {
  return path.join(downloads(work), `${work.record.channel}~${work.record.version}`);
}

/** The folder of the release, as it is prepared. */
export function staged({ places, record }: Work): string {
  return stagedRelease(places, record.id, record.app);
}

/** The folder of a release in `versions`. */
export function releaseFolder({ places }: Work, name: string): string {
  return path.join(places.versions, name);
}

/** What the deployment changes; known since the app is locked. */
export function swingOf({ record }: Work): SwingRecord {
  if (record.swing === null) throw new Error(`nobody looked what ${record.id} would change`);
  return record.swing;
}
