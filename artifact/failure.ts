/**
 * Why work on artifacts failed; callers and tests key on it.
 *
 * - `invalid`: a name, a version or an option that cannot be
 * - `missing`: no such app, channel, version or object
 * - `exists`: what is made once is there already
 * - `conflict`: somebody else was first: what was to be replaced is no longer what it was
 * - `refused`: bytes that may not be used: altered, cut short, not signed as asked; or an archive that may do harm
 * - `unavailable`: the store, or the disk, cannot do the work now
 * - `failed`: a step of a build failed
 * - `cancelled`: the caller asked to stop
 */
export type FailureCode =
  | 'invalid'
  | 'missing'
  | 'exists'
  | 'conflict'
  | 'refused'
  | 'unavailable'
  | 'failed'
  | 'cancelled';

/** The work could not be done; the message says what, where and what to do, for a person. */
export class ArtifactError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
