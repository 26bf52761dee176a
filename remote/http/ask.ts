import { readProblem } from '../../protocol/agentProblem.ts';
import { isObject } from '../../protocol/values.ts';
import { RemoteError, strangerText } from '../failure.ts';
import { type Place, type Question, type Reply, request } from './request.ts';

/** An answer is not longer, in bytes. */
const mostBytes = 64 * 1024 * 1024;

/**
 * Asks an agent, and reads the JSON that it answers with. Throws a `RemoteError`, also for what the guard does not know, or the
 * signal's reason.
 */
export async function ask<T>(
  place: Place,
  question: Question,
  isAnswer: (value: unknown) => value is T,
): Promise<T> {
  const reply = await request(place, question);
  try {
    if (reply.status >= 300) throw await problemOf(place, reply);
    const value = parsed(await textOf(place, reply));
    if (isAnswer(value)) return value;
    throw new RemoteError(
      place.box,
      'confused',
      `what it answers to ${question.path} is not known here: is it an agent of a much other version?`,
      { isInDoubt: true },
    );
  } finally {
    reply.close();
  }
}

/** The whole body; `confused` where it is too long for one of an agent. */
export async function textOf({ box }: Place, { body }: Reply): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    pieces.push(piece);
    length += piece.length;
    if (length > mostBytes)
      throw new RemoteError(box, 'confused', 'its answer is too long for one of an agent');
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Nobody is told to come again later than that. */
const mostSeconds = 300;

/** What an agent answered instead of doing what it was asked. */
export async function problemOf(place: Place, reply: Reply): Promise<RemoteError> {
  const { box, credentials } = place;
  const problem = readProblem(parsed(await textOf(place, reply)));
  const seconds = Number(reply.headers['retry-after']);
  const retryAfterMs = seconds > 0 ? Math.min(seconds, mostSeconds) * 1000 : undefined;
  if (reply.status === 401) {
    return new RemoteError(box, 'unauthenticated', strangerText(credentials));
  }
  if (problem === undefined) {
    return new RemoteError(box, codeOf(reply.status), `it answered with ${reply.status}`, { retryAfterMs });
  }
  const { code, detail, owner } = problem;
  return new RemoteError(box, code, detail.slice(0, 10_000), { owner, retryAfterMs });
}

/** What stands between (a proxy) says no more than a number. */
function codeOf(status: number): RemoteError['code'] {
  return [502, 503, 504].includes(status) ? 'unavailable' : 'confused';
}

/** The value of a JSON text; nothing where it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For `ask`: an object with a list under a key. */
export function withList<K extends string, T>(
  key: K,
  isOne: (value: unknown) => value is T,
): (value: unknown) => value is Record<K, T[]> {
  return (value): value is Record<K, T[]> => {
    const list = isObject(value) ? value[key] : undefined;
    return Array.isArray(list) && list.every((one) => isOne(one));
  };
}
