import { isObject, isText, isTime } from '../protocol/values.ts';
import { parsed, textOf } from './http/ask.ts';
import { type Place, type Question, request } from './http/request.ts';

/** What an agent answers to `GET /v1/health`, and what is seen while it does. */
export interface HealthAnswer {
  status: number;
  /** The agent's version; to strangers it only says that it lives. */
  version: string | undefined;
  environment: string | undefined;
  cluster: string | undefined;
  /** Its clock, in milliseconds since 1970, known to so many milliseconds. */
  clock: { time: number; withinMs: number } | undefined;
  /** When it was asked, and when it had answered, by our clock. */
  asked: number;
  answered: number;
  /** Until when its certificate is good, where it showed one. */
  certificateEnds: number | undefined;
}

/** Asks an agent how it is. Throws a `RemoteError`, or the signal's reason. */
export async function askHealth(
  place: Place,
  how: Pick<Question, 'answerMs' | 'silenceMs' | 'signal'>,
): Promise<HealthAnswer> {
  const started = Date.now();
  const reply = await request(place, { ...how, method: 'GET', path: '/v1/health' });
  try {
    const value = parsed(await textOf(place, reply));
    const { version, time, environment, cluster } = isObject(value) ? value : {};
    const byTheSecond = Date.parse(reply.headers.date ?? '');
    return {
      status: reply.status,
      version: shortText(version),
      environment: shortText(environment),
      cluster: shortText(cluster),
      clock: clockOf(time, byTheSecond),
      asked: started,
      answered: Date.now(),
      certificateEnds: reply.certificateEnds,
    };
  } finally {
    reply.close();
  }
}

function clockOf(exact: unknown, byTheSecond: number): HealthAnswer['clock'] {
  if (isTime(exact)) return { time: exact, withinMs: 0 };
  return Number.isNaN(byTheSecond) ? undefined : { time: byTheSecond, withinMs: 999 };
}

function shortText(value: unknown): string | undefined {
  return isText(value) ? value.slice(0, 100) : undefined;
}
