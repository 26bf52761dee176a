import type { AgentFailure } from '../protocol/agentProblem.ts';
import type { Owner } from '../protocol/deployment.ts';
import type { Credentials } from './credentials.ts';

/**
 * Why an agent was not asked, or did not do what it was asked; callers key on it. What the agents themselves say (`agent/failure.ts`), and
 *
 * - `unreachable`: nothing listens, the connection was broken off, or nothing came for too long; it may go away
 * - `untrusted`: the certificate is not the one that is expected, or nobody stands for it
 * - `confused`: what answers there says nothing that an agent of a known version says
 */
export type RemoteFailure = AgentFailure | 'unreachable' | 'untrusted' | 'confused';

interface Details {
  cause?: unknown;
  /** Who holds the app, where it is `busy`. */
  owner?: Owner | undefined;
  /** When to try again, in milliseconds from now. */
  retryAfterMs?: number | undefined;
  /** Whether the request may have been carried out all the same: its answer is what did not come. */
  isInDoubt?: boolean;
}

/** The message says what is wrong and what to do, for a person who knows which box it is about. */
export class RemoteError extends Error {
  readonly box: string;
  readonly code: RemoteFailure;
  readonly owner: Owner | undefined;
  readonly retryAfterMs: number | undefined;
  readonly isInDoubt: boolean;

  constructor(box: string, code: RemoteFailure, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.box = box;
    this.code = code;
    this.owner = details.owner;
    this.retryAfterMs = details.retryAfterMs;
    this.isInDoubt = details.isInDoubt ?? false;
  }
}

/** Whether the same may go well when it is tried again later. */
export function mayPass(error: unknown): error is RemoteError {
  return error instanceof RemoteError && passing.has(error.code);
}

const passing: ReadonlySet<RemoteFailure> = new Set(['unreachable', 'unavailable', 'limited']);

const wordsOf: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is the agent running?',
  ENOENT: 'nothing listens there: is the agent running?',
  EACCES: 'you may not open it: listen.socketGroup in the config of the agent says who may',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the host',
  ETIMEDOUT: 'the host does not answer',
  ECONNRESET: 'the connection was broken off',
  EPIPE: 'the connection was broken off',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'nobody stands for its certificate: write the fingerprint that strata-agent init printed into the file of credentials',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'it wants a certificate of ours: write `certificate` and `key`, two files, into the file of credentials',
};

/** What went wrong on the way to an agent. */
export function wayError(box: string, error: unknown, isInDoubt: boolean): RemoteError {
  if (error instanceof RemoteError) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const text = wordsOf[code] ?? (message || code);
  return new RemoteError(box, failureOf(code), text, { cause: error, isInDoubt });
}

function failureOf(code: string): RemoteFailure {
  if (code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE') return 'confused';
  return /CERT|SELF_SIGNED|LEAF_SIGNATURE|HOSTNAME_MISMATCH|UNTRUSTED/.test(code)
    ? 'untrusted'
    : 'unreachable';
}

/** What is said to somebody whom an agent does not know. */
export function strangerText({ token, tokenAdvice = usualAdvice }: Credentials): string {
  return token === undefined
    ? `it wants a token: ${tokenAdvice}`
    : 'it does not take the token: it is wrong, expired or revoked';
}

const usualAdvice = 'set STRATA_TOKEN, or write it into the file of credentials';
