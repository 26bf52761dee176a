import { type BoxEvent, isBoxEvent } from '../protocol/boxEvents.ts';
import { type FollowOptions, type Presence, presenceOf } from './events.ts';
import { mayPass, RemoteError } from './failure.ts';
import { parsed, problemOf } from './http/ask.ts';
import { linesOf } from './http/lines.ts';
import { type Place, type Question, request } from './http/request.ts';
import { pause } from './pause.ts';

type Times = Pick<Question, 'answerMs' | 'silenceMs'>;

/** See `RemoteAgent.watch`. */
export async function* watchBox(
  place: Place,
  options: Pick<FollowOptions, 'signal' | 'away' | 'back'>,
  times: Times,
): AsyncGenerator<BoxEvent> {
  const { signal } = options;
  const presence = presenceOf(options);
  for (;;) {
    const why = yield* untilLost(place, presence, { signal, ...times });
    presence.isGone(why);
    await pause(presence.tries(), signal, why.retryAfterMs);
  }
}

/** Tells events until the agent is lost. One that ends its stream is asked again at once, as long as it is there. */
async function* untilLost(
  place: Place,
  presence: Presence,
  how: Times & { signal: AbortSignal },
): AsyncGenerator<BoxEvent, RemoteError> {
  try {
    for await (const event of eventsOnce(place, how)) {
      presence.isHere();
      if (event !== 'alive') yield event;
    }
  } catch (error) {
    if (mayPass(error)) return error;
    throw error;
  }
  return new RemoteError(place.box, 'unreachable', 'it ends its events: does the agent stop?');
}

/** The events of one connection; `alive` where only that is told. */
async function* eventsOnce(
  place: Place,
  how: Times & { signal: AbortSignal },
): AsyncGenerator<BoxEvent | 'alive'> {
  const path = '/v1/events?format=ndjson';
  const headers = { accept: 'application/x-ndjson' };
  const reply = await request(place, { ...how, method: 'GET', path, headers });
  try {
    if (reply.status !== 200) throw await problemOf(place, reply);
    for await (const lines of linesOf(place, reply.body)) {
      for (const line of lines) yield line === '' ? 'alive' : readEvent(place, line);
    }
  } finally {
    reply.close();
  }
}

function readEvent({ box }: Place, line: string): BoxEvent {
  const value = parsed(line);
  if (isBoxEvent(value)) return value;
  const told = JSON.stringify(line.slice(0, 200));
  throw new RemoteError(
    box,
    'confused',
    `it tells something that is not known here (${told}): is it a newer agent?`,
  );
}
