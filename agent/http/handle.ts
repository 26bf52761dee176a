import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate, type Caller, socketCaller } from '../auth/authenticate.ts';
import { AgentError } from '../failure.ts';
import type { Answer } from './answer.ts';
import { readBody } from './body.ts';
import { allow, type Call, type Door } from './call.ts';
import { countAnswer } from './counts.ts';
import { matchRoute } from './match.ts';
import { negotiate } from './negotiate.ts';
import { HttpError, isForeseen, problemAnswer } from './problem.ts';
import { briefHealth } from './routes/health.ts';
import { routes } from './routes.ts';
import { send } from './send.ts';

/** How requests come in: over the network, where they need tokens, or through the unix socket. */
export type Way = 'network' | 'socket';

/** Answers one request; never fails. */
export async function handle(
  door: Door,
  way: Way,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const id = randomUUID();
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, door.closing]);
  const method = request.method ?? '';
  response.setHeader('x-request-id', id);
  const answer = await answerTo(door, way, request, response, { id, signal });
  countAnswer(door.counts, method, answer.status);
  // The rest of a body that nobody reads would be taken for the next request.
  if (!request.complete) response.setHeader('connection', 'close');
  try {
    await send(response, answer, door, signal);
  } catch (error) {
    if (!signal.aborted) door.log(`${id}: ${method} ${request.url}: ${textOf(error)}`);
    response.destroy();
  }
}

async function answerTo(
  door: Door,
  way: Way,
  request: IncomingMessage,
  response: ServerResponse,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<Answer> {
  const record = recordOf(door, request, id);
  let failure: ((error: unknown) => Answer | undefined) | undefined;
  let answer: Answer;
  try {
    const url = urlOf(request);
    failure = routes.find((route) => route.failure && url.pathname.startsWith('/deploy'))?.failure;
    const caller = callerOf(door, way, request, url);
    if (caller === undefined) return briefHealth(door);
    record.caller = caller;
    const { route, names } = matchRoute(routes, request.method ?? '', url.pathname);
    const body = () => readBody(request, response, door.config().limits.bodyBytes);
    const { asked, about } = record;
    const { method = '', headers } = request;
    const call: Call = { door, method, url, headers, caller, signal, body, asked, about };
    allow(call, { scope: route.scope, app: names.app });
    answer = await route.handle(call, names, negotiate(headers.accept, route.types));
  } catch (error) {
    if (!isForeseen(error)) door.log(`${id}: ${request.method} ${request.url}: ${textOf(error)}`);
    answer = failure?.(error) ?? problemAnswer(error);
    await record.turnedAway(error, answer.status);
  }
  await record.answered(answer.status);
  return answer;
}

function urlOf({ url = '', headers }: IncomingMessage): URL {
  if (headers.host === undefined) throw new HttpError(400, 'the header Host is missing');
  // What is behind `//` would be a host.
  if (!url.startsWith('/') || !URL.canParse(`http://agent${url}`))
    throw new HttpError(400, 'no such address');
  return new URL(`http://agent${url}`);
}

/** Who sends it; `undefined` for anybody who asks only whether the agent lives. */
function callerOf(door: Door, way: Way, request: IncomingMessage, url: URL): Caller | undefined {
  const { authorization } = request.headers;
  if (way === 'socket') return socketCaller(claimedName(request));
  if (authorization === undefined && url.pathname === '/v1/health') return undefined;
  return authenticate(door.config().state, door.failures, {
    authorization,
    isBasicAllowed: url.pathname.startsWith('/deploy/'),
    address: request.socket.remoteAddress ?? '',
  });
}

function claimedName({ headers }: IncomingMessage): string | undefined {
  const user = headers['strata-user'];
  return typeof user === 'string' && /^[\w.@-]{1,64}$/.test(user) ? user : undefined;
}

/** What the audit log learns of one request. */
interface Recorder {
  caller: Caller | undefined;
  asked(what: unknown): Promise<void>;
  about(deployment: string): void;
  turnedAway(error: unknown, status: number): Promise<void>;
  answered(status: number): Promise<void>;
}

function recordOf(door: Door, request: IncomingMessage, id: string): Recorder {
  const state: { isAsked: boolean; deployment?: string } = { isAsked: false };
  const entry = () => ({
    request: id,
    who: recorder.caller?.name ?? null,
    token: recorder.caller?.token ?? null,
    from: request.socket.remoteAddress ?? 'socket',
    method: request.method ?? '',
    path: request.url ?? '',
    ...(state.deployment === undefined ? {} : { deployment: state.deployment }),
  });
  const recorder: Recorder = {
    caller: undefined,
    async asked(body) {
      try {
        await door.audit.write({ ...entry(), what: 'asked', body });
      } catch (error) {
        throw new AgentError('unavailable', `the audit log cannot be written: ${textOf(error)}`);
      }
      state.isAsked = true;
    },
    about(deployment) {
      state.deployment = deployment;
    },
    async turnedAway(error, status) {
      const isToken = request.headers.authorization !== undefined;
      if (!(error instanceof AgentError) || state.isAsked) return;
      if (error.code !== 'forbidden' && !(error.code === 'unauthenticated' && isToken)) return;
      await write({ ...entry(), what: 'turned away', status, code: error.code });
    },
    async answered(status) {
      if (state.isAsked) await write({ ...entry(), what: 'answered', status });
    },
  };
  const write = (line: Parameters<Door['audit']['write']>[0]) =>
    door.audit.write(line).catch((error) => door.log(`the audit log cannot be written: ${textOf(error)}`));
  return recorder;
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
