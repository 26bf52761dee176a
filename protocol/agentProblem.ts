import { isOwner, type Owner } from './deployment.ts';
import { isObject, isText } from './values.ts';

/** Why an agent could not do what it was asked: the `code` of its problems. What each means: `agent/failure.ts`. */
export const agentFailures = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'missing',
  'busy',
  'moved',
  'refused',
  'full',
  'limited',
  'unavailable',
  'failed',
  'cancelled',
] as const;

export type AgentFailure = (typeof agentFailures)[number];

/** What of an agent's problem (RFC 9457, `application/problem+json`) others key on. */
export interface AgentProblem {
  code: AgentFailure;
  /** What, where and what to do, for a person. */
  detail: string;
  /** Who holds the app, where it is busy. */
  owner?: Owner;
}

/** Reads the value of a problem; nothing where it is none. */
export function readProblem(value: unknown): AgentProblem | undefined {
  if (!isObject(value) || !isText(value.detail)) return undefined;
  const { detail, owner } = value;
  const code = agentFailures.find((one) => one === value.code);
  if (code === undefined) return undefined;
  return { code, detail, ...(isOwner(owner) ? { owner } : {}) };
}
