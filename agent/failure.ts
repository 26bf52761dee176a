import type { AgentFailure } from '../protocol/agentProblem.ts';

/**
 * Why the agent could not do what it was asked; callers and tests key on it, and the HTTP API answers with the status.
 *
 * - `invalid` (400): a name, an option or a body that cannot be
 * - `unauthenticated` (401), `forbidden` (403): no token, a wrong or old one; one that may not do this
 * - `missing` (404): no such app, version, release or deployment
 * - `busy` (409): another deployment has the app
 * - `moved` (409): the box is no longer as the plan found it; or an Idempotency-Key was used for something else
 * - `refused` (422): an artifact that may not be used
 * - `full` (507): too little room, of bytes or of inodes
 * - `limited` (429): too many wrong tokens from one address
 * - `unavailable` (503): the store or the disk cannot do the work now; or the agent is about to stop
 * - `failed` (500): a hook, a step or the health gate failed
 * - `cancelled` (409): somebody asked to stop
 */
export const failureStatus: Readonly<Record<AgentFailure, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  busy: 409,
  moved: 409,
  cancelled: 409,
  refused: 422,
  limited: 429,
  failed: 500,
  unavailable: 503,
  full: 507,
};

export type { AgentFailure };

/** The message says what, where and what to do, for a person. */
export class AgentError extends Error {
  readonly code: AgentFailure;
  /** What goes along in the answer, such as the owner of a busy app. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: AgentFailure,
    message: string,
    { cause, ...details }: { cause?: unknown; [detail: string]: unknown } = {},
  ) {
    super(message, { cause });
    this.code = code;
    this.details = details;
  }
}
