import type { DeploymentEvent, EventBody } from '../../protocol/deploymentEvents.ts';

/**
 * The durable record of one deployment. Each event is on the disk when `append` resolves; lines of logs may wait for each
 * other for a few milliseconds, states and ends never do.
 */
export interface Journal {
  /** The number of the last event; 0 for none. */
  readonly last: number;
  append(event: EventBody): Promise<number>;
  /**
   * The events after a number: those on the disk, then the others as they come; it ends behind `end`, or with the signal. A
   * reader that is slower than the events reads from the disk, and holds nobody up.
   */
  events(after: number, options?: { follow?: boolean; signal?: AbortSignal }): AsyncIterable<DeploymentEvent>;
  /** Nobody will append any more in this process. */
  close(): Promise<void>;
}

/** The journals of a box. */
export interface Journals {
  /** Makes the journal of a new deployment. */
  create(deployment: string): Promise<Journal>;
  /** Opens one that is there; a torn end is cut off, and told as an event. `missing`. */
  open(deployment: string): Promise<Journal>;
  /** The deployments that have a journal, oldest first. */
  list(): Promise<string[]>;
  /** Takes away the logs of old deployments; a `gap` event stands for what is gone. */
  gc(options: { keep: number }): Promise<void>;
}
