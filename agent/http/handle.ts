import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authenticate, type Caller, socketCaller } from '../auth/authenticate.ts';
import type { Answer } from './answer.ts';
import { readBody } from './body.ts';
import { allow, type Call, type Door } from './call.ts';
import { countAnswer } from './counts.ts';
import { matchRoute } from './match.ts';
import { negotiate } from './negotiate.ts';
import { HttpError, isForeseen, problemAnswer } from './problem.ts';
import { recorderOf } from './recorder.ts';
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
  // A connection that is gone has no address any more, and is not the socket for that.
  const from = way === 'socket' ? 'socket' : (request.socket.remoteAddress ?? 'unknown');
  const record = recorderOf(door, request, { id, from });
  let failure: ((error: unknown) => Answer | undefined) | undefined;
  let answer: Answer;
  try {
    const url = urlOf(request);
    failure = routes.find((route) => route.failure && url.pathname.startsWith('/deploy'))?.failure;
    const caller = callerOf(door, way, request, { url, from });
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
function callerOf(
  door: Door,
  way: Way,
  request: IncomingMessage,
  { url, from }: { url: URL; from: string },
): Caller | undefined {
  const { method = '', headers } = request;
  const { authorization } = headers;
  if (way === 'socket') return socketCaller(claimedName(request));
  const isLook = method === 'GET' || method === 'HEAD';
  if (authorization === undefined && isLook && url.pathname === '/v1/health') return undefined;
  return authenticate(door.config().state, door.failures, {
    authorization,
    isBasicAllowed: url.pathname.startsWith('/deploy/'),
    address: from,
  });
}

/** Who somebody at the socket says they are; 400 for what the audit log could not be trusted with. */
function claimedName({ headers }: IncomingMessage): string | undefined {
  const user = headers['strata-user'];
  if (user === undefined || user === '') return undefined;
  if (typeof user === 'string' && /^[\w.@-]{1,64}$/.test(user)) return user;
  throw new HttpError(400, 'the header Strata-User has 1 to 64 letters, digits, `.`, `_`, `@` or `-`');
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
