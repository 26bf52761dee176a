import type { DeploymentEvent, EventBody } from '../../protocol/deploymentEvents.ts';

/**
 * The durable record of one deployment. Each event is on the disk when `append` resolves; lines of logs may wait for each
 * other for a few milliseconds, states and ends never do. Readers may see a line a moment before it is on the disk, and all
 * else only then. Do not wait for each line by itself: append those that come at once, then wait for all of them.
 */
export interface Journal {
  /** The number of the last event; 0 for none. */
  readonly last: number;
  /** Its number. `full` and `unavailable` where the disk cannot take it: the next one may succeed. `invalid` behind the end. */
  append(event: EventBody): Promise<number>;
  /**
   * The events after a number: those on the disk, then the others as they come; it ends behind `end`, or with the signal. A
   * reader that is slower than the events reads from the disk, and holds nobody up. It also ends when the journal is closed
   * in this process. What is missing is told as a gap.
   */
  events(after: number, options?: { follow?: boolean; signal?: AbortSignal }): AsyncIterable<DeploymentEvent>;
  /** Closes it for whoever opened it; those who opened it beside them go on. */
  close(): Promise<void>;
}

/** The journals of a box. */
export interface Journals {
  /** Makes the journal of a new deployment. */
  create(deployment: string): Promise<Journal>;
  /**
   * Opens one that is there; a torn end is cut off, and told as an event. `missing`; `busy` where it has not ended, and
   * another process has it open.
   */
  open(deployment: string): Promise<Journal>;
  /**
   * Sets one aside that cannot be used, with all that is left of it, and makes another in its place, in which a gap stands for all that may
   * have been told.
   * @param last the number of an event that was told.
   */
  replace(deployment: string, last: number): Promise<{ journal: Journal; aside: string }>;
  /** The deployments that have a journal, oldest first. */
  list(): Promise<string[]>;
  /**
   * Takes away the logs of old deployments; a `gap` event stands for what is gone. Of twice as many as are kept that outline stays; those
   * before them go as a whole. One that is damaged is passed over, and told in the end: `unavailable`.
   */
  gc(options: { keep: number }): Promise<void>;
}
