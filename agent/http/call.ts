import type { IncomingHttpHeaders } from 'node:http';
import type { AuditLog } from '../auth/auditLog.ts';
import type { Caller } from '../auth/authenticate.ts';
import type { FailureLimit } from '../auth/failureLimit.ts';
import { mayDo, type Need } from '../auth/scopes.ts';
import type { AgentConfig } from '../config/config.ts';
import { AgentError } from '../failure.ts';
import type { Agent, Principal } from '../service.ts';
import type { Counts } from './counts.ts';

/** What all requests share. */
export interface Door {
  agent: Agent;
  /** Read anew for each request, so that a config that was reloaded counts. */
  config(): AgentConfig;
  version: string;
  audit: AuditLog;
  failures: FailureLimit;
  counts: Counts;
  /** How long a stream of events may be silent, in milliseconds. */
  heartbeatMs: number;
  /** Aborted when streams are to end because the agent does. */
  closing: AbortSignal;
  /** Tells whoever runs the box. */
  log(line: string): void;
}

/** One request, by somebody who is known. */
export interface Call {
  door: Door;
  method: string;
  url: URL;
  headers: IncomingHttpHeaders;
  caller: Caller;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
  /** The whole body; 413 where it is too long. */
  body(): Promise<Buffer>;
  /** To be called before something is changed: it is not done where it cannot be written down. */
  asked(what: unknown): Promise<void>;
  /** The deployment that the answer is about, for the audit log. */
  about(deployment: string): void;
}

/** Sees to it that the caller may do something; `forbidden`. */
export function allow(call: Call, need: Need): void {
  if (mayDo(call.caller.rights, need)) return;
  const where = [need.app, need.channel].filter((one) => one !== undefined).join(' on ');
  const what = where === '' ? need.scope : `${need.scope} ${where}`;
  throw new AgentError('forbidden', `${call.caller.name} may not ${what}: the token does not say so`);
}

/**
 * The caller as the agent knows them, for something of an app: what the agent finds that a request means, they must be allowed as well.
 * @param name as the audit log names them, where that is more than the caller's own.
 */
export function principalOf(call: Call, app: string, name: string = call.caller.name): Principal {
  return { name, check: ({ scope, channel }) => allow(call, { scope, app, channel }) };
}
