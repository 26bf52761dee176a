import type { Slot } from './settings.ts';

/** Who runs what a slot has. Each of these may be done twice. */
export interface Runner {
  /** Has nothing of a slot run. */
  stop(slot: Slot): Promise<void>;
  /** Starts a slot on the release that it leads to; `failed` with what it said where it does not start. */
  start(slot: Slot): Promise<void>;
  /** Has a slot run that ran before. */
  keepUp(slot: Slot): Promise<void>;
  /** From now on a slot comes up with the box. */
  enable(slot: Slot): Promise<void>;
  /** Stops a slot, and it does not come up with the box any more. */
  end(slot: Slot): Promise<void>;
}
