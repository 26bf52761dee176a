/** What the command's exit codes mean. */
export const exitCodes = {
  problems: 1,
  usage: 2,
  /** Nothing was begun: something stands in the way, or nobody said yes. */
  refused: 3,
  /** Somebody asked to stop. */
  stopped: 4,
  /** Nobody knows how it ended. */
  unknown: 5,
} as const;

/** The command was called in a way that cannot work; the message says how to call it. */
export class UsageError extends Error {}

/** The call was right and the work could not be done: a full disk, a file that may not be written. */
export class WorkError extends Error {}

/** The call was right, and nothing was begun: something stands in the way, or nobody said yes. */
export class RefusedError extends Error {}
