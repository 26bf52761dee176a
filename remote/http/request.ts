import { once } from 'node:events';
import http from 'node:http';
import { userInfo } from 'node:os';
import type { Duplex } from 'node:stream';
import { connectTo } from '../connection.ts';
import type { Credentials } from '../credentials.ts';
import { RemoteError, strangerText, wayError } from '../failure.ts';
import { readPieces } from './pieces.ts';

/** A box, and how it is asked. */
export interface Place {
  box: string;
  url: string;
  credentials: Credentials;
}

/** One request. */
export interface Question {
  method: 'GET' | 'POST';
  path: string;
  /** Sent as JSON. */
  body?: object;
  headers?: Readonly<Record<string, string>>;
  /** How long it may take until the answer begins, in milliseconds. */
  answerMs: number;
  /** How long nothing may come within the answer, in milliseconds. */
  silenceMs: number;
  signal: AbortSignal;
}

/** The head of an answer, and its body as it comes. */
export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  /** Until when the certificate is good, in milliseconds since 1970, where one was shown. */
  certificateEnds: number | undefined;
  /** To be read once. Throws as {@link request}. */
  body: AsyncIterable<Buffer>;
  /** To be called in any case. */
  close(): void;
}

/** Asks an agent on a connection of its own. Throws a `RemoteError`, or the signal's reason. */
export async function request(place: Place, question: Question): Promise<Reply> {
  const { signal, answerMs, silenceMs } = question;
  signal.throwIfAborted();
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(lateError(place, answerMs)), answerMs);
  const either = AbortSignal.any([signal, late.signal]);
  let stream: Duplex | undefined;
  try {
    const way = await connectTo(place.url, place.credentials, either);
    stream = way.stream;
    const close = closing(stream);
    const response = await answerOn(stream, place, question, either);
    const { statusCode: status = 0, headers } = response;
    const lost = (error: unknown) => wayError(place.box, error, true);
    const body = readPieces(response, { signal, silenceMs, lost });
    return { status, headers, certificateEnds: way.certificateEnds, body, close };
  } catch (error) {
    stream?.destroy();
    signal.throwIfAborted();
    if (late.signal.aborted) throw late.signal.reason;
    throw wayError(place.box, error, stream !== undefined);
  } finally {
    clearTimeout(timer);
  }
}

/** What destroys a stream; that it was cut is nobody's error then. */
function closing(stream: Duplex): () => void {
  stream.on('error', () => undefined);
  return () => void stream.destroy();
}

function lateError({ box }: Place, ms: number): RemoteError {
  return new RemoteError(box, 'unreachable', `no answer within ${ms / 1000} s`, { isInDoubt: true });
}

async function answerOn(
  stream: Duplex,
  place: Place,
  { method, path, headers, body }: Question,
  signal: AbortSignal,
): Promise<http.IncomingMessage> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  // Not `http.request`: within VS Code that is another one, which looks for a proxy and does not take our connection.
  const sent = new http.ClientRequest({
    createConnection: () => stream,
    method,
    path,
    headers: {
      ...{ host: 'agent', accept: 'application/json', connection: 'close', ...headers },
      ...whoAsks(place),
      ...(text === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) }),
    },
  });
  // Behind the answer, the body tells what goes wrong.
  sent.on('error', () => undefined);
  sent.end(text);
  const [response]: http.IncomingMessage[] = await once(sent, 'response', { signal });
  if (response === undefined) throw new Error('there was no answer');
  return response;
}

/** Who may open the socket needs no token; the agent is only told who they are. */
function whoAsks({ box, url, credentials }: Place): Record<string, string> {
  if (/^(unix|ssh):/i.test(url)) return userHeader();
  const { token } = credentials;
  if (token === undefined) return {};
  if (/^[\x21-\x7e]+$/.test(token)) return { authorization: `Bearer ${token}` };
  throw new RemoteError(box, 'unauthenticated', strangerText(credentials));
}

function userHeader(): Record<string, string> {
  try {
    const { username } = userInfo();
    return /^[\w.@-]{1,64}$/.test(username) ? { 'strata-user': username } : {};
  } catch {
    // In a container, a user may have no name.
    return {};
  }
}
