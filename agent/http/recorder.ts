import type { IncomingMessage } from 'node:http';
import type { AuditEntry } from '../auth/auditLog.ts';
import type { Caller } from '../auth/authenticate.ts';
import { AgentError } from '../failure.ts';
import type { Door } from './call.ts';

/** What the audit log learns of one request. */
export interface Recorder {
  caller: Caller | undefined;
  /** To be called before something is changed; `unavailable` where it cannot be written down. */
  asked(what: unknown): Promise<void>;
  about(deployment: string): void;
  turnedAway(error: unknown, status: number): Promise<void>;
  answered(status: number): Promise<void>;
}

/** So much of an address is written down, in characters: whoever is turned away must not fill the disk. */
const mostPath = 300;

/**
 * Writes down what becomes of a request.
 * @param from the address that it comes from, or `socket`; asked once, since a connection that is gone has none any more.
 */
export function recorderOf(
  door: Door,
  request: IncomingMessage,
  { id, from }: { id: string; from: string },
): Recorder {
  const state: { isAsked: boolean; deployment?: string } = { isAsked: false };
  const { url = '', method = '', headers } = request;
  const entry = () => ({
    request: id,
    who: recorder.caller?.name ?? null,
    token: recorder.caller?.token ?? null,
    from,
    method,
    path: url.length > mostPath ? `${url.slice(0, mostPath)}…` : url,
    ...(state.deployment === undefined ? {} : { deployment: state.deployment }),
  });
  const write = (line: AuditEntry) =>
    door.audit.write(line).catch((error: Error) => {
      door.log(`the audit log cannot be written: ${error.message}`);
    });
  const recorder: Recorder = {
    caller: undefined,
    async asked(body) {
      try {
        await door.audit.write({ ...entry(), what: 'asked', body });
      } catch (error) {
        const message = `nothing is changed that cannot be written down: ${(error as Error).message}`;
        throw new AgentError('unavailable', message, { cause: error });
      }
      state.isAsked = true;
    },
    about(deployment) {
      state.deployment = deployment;
    },
    async turnedAway(error, status) {
      const isToken = headers.authorization !== undefined;
      if (!(error instanceof AgentError) || state.isAsked) return;
      if (error.code !== 'forbidden' && !(error.code === 'unauthenticated' && isToken)) return;
      await write({ ...entry(), what: 'turned away', status, code: error.code });
    },
    async answered(status) {
      if (state.isAsked) await write({ ...entry(), what: 'answered', status });
    },
  };
  return recorder;
}
