import { STATUS_CODES } from 'node:http';
import { ArtifactError } from '../../artifact/failure.ts';
import { AgentError, type AgentFailure, failureStatus } from '../failure.ts';
import { type Answer, jsonText } from './answer.ts';

/** What HTTP itself has to say against a request: a method, a media type, a length. */
export class HttpError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

export const problemType = 'application/problem+json';

const artifactFailures: Readonly<Record<ArtifactError['code'], AgentFailure>> = {
  invalid: 'invalid',
  missing: 'missing',
  exists: 'moved',
  conflict: 'moved',
  refused: 'refused',
  unavailable: 'unavailable',
  failed: 'failed',
  cancelled: 'cancelled',
};

/**
 * A failure as an answer of RFC 9457. What nobody foresaw says no more than that.
 * @param schemes how somebody who was not let in may show who they are.
 */
export function problemAnswer(error: unknown, schemes = 'Bearer'): Answer {
  if (error instanceof HttpError) {
    return problem(error.status, codeOf(error.status), error.message, {}, error.headers);
  }
  const failure = agentError(error);
  if (failure === undefined)
    return problem(500, 'failed', 'the agent could not do this: its log says why', {});
  const { code, message, details } = failure;
  return problem(failureStatus[code], code, message, details, headersOf(failure, schemes));
}

/** Whether somebody foresaw the failure. */
export function isForeseen(error: unknown): boolean {
  return error instanceof HttpError || agentError(error) !== undefined;
}

function agentError(error: unknown): AgentError | undefined {
  if (error instanceof AgentError) return error;
  return error instanceof ArtifactError
    ? new AgentError(artifactFailures[error.code], error.message, { cause: error })
    : undefined;
}

function codeOf(status: number): AgentFailure {
  if (status === 404) return 'missing';
  return status >= 500 ? 'unavailable' : 'invalid';
}

function headersOf({ code, details }: AgentError, schemes: string): Record<string, string> {
  if (code === 'unauthenticated') return { 'www-authenticate': `${schemes} realm="strata"` };
  const { retryAfter } = details;
  return typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {};
}

function problem(
  status: number,
  code: AgentFailure,
  detail: string,
  details: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const body = { ...details, type: 'about:blank', title: STATUS_CODES[status], status, detail, code };
  return { status, headers: { ...headers, 'content-type': problemType }, body: jsonText(body) };
}
