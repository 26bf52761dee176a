import { type DeploymentEvent, isDeploymentEvent } from '../protocol/deploymentEvents.ts';
import { mayPass, RemoteError } from './failure.ts';
import { parsed, problemOf } from './http/ask.ts';
import { linesOf } from './http/lines.ts';
import { type Place, type Question, request } from './http/request.ts';
import { inTurn, type Turn } from './inTurn.ts';
import { pause } from './pause.ts';

export interface FollowOptions {
  /** Waits for what comes; without it, the end is what is there now. */
  follow: boolean;
  signal: AbortSignal;
  /** Told why when an agent that is gone does not come back at once. */
  away?: ((reason: string) => void) | undefined;
  /** Told when it has come back. */
  back?: (() => void) | undefined;
  /** How long it may be away before it is given up, in milliseconds; for ever when left out. */
  patienceMs?: number | undefined;
}

type Times = Pick<Question, 'answerMs' | 'silenceMs'>;

/** See `RemoteAgent.events`. */
export async function* followEvents(
  place: Place,
  id: string,
  after: number,
  options: FollowOptions,
  times: Times,
): AsyncGenerator<DeploymentEvent> {
  const { follow, signal, patienceMs = follow ? Number.POSITIVE_INFINITY : 30_000 } = options;
  const turn = inTurn(place.box, after);
  const presence = presenceOf(options);
  for (;;) {
    const why = yield* untilLost(place, id, turn, presence, { follow, signal, ...times });
    if (why === 'over') return;
    if (presence.isGone(why) > patienceMs) throw why;
    await pause(presence.tries(), signal, why.retryAfterMs);
  }
}

/** Tells events until there are no more, or until the agent is lost. */
async function* untilLost(
  place: Place,
  id: string,
  turn: Turn,
  presence: Presence,
  how: Times & { follow: boolean; signal: AbortSignal },
): AsyncGenerator<DeploymentEvent, 'over' | RemoteError> {
  try {
    for await (const lines of linesOnce(place, id, turn.last, how)) {
      presence.isHere();
      if (lines === 'over') return 'over';
      for (const line of lines) {
        // An empty one only says that the agent lives.
        if (line === '') continue;
        const event = readEvent(place, line);
        yield turn.take(event);
        if (event.type === 'end') return 'over';
      }
    }
  } catch (error) {
    if (mayPass(error)) return error;
    throw error;
  }
  // An agent that ends takes its streams with it.
  return how.follow ? new RemoteError(place.box, 'unreachable', endedText) : 'over';
}

const endedText = 'it ends its events before the deployment has ended: does the agent stop?';

/** Whether an agent is there, and what is told of that. */
export interface Presence {
  isHere(): void;
  /** How long it has been gone, in milliseconds. */
  isGone(why: RemoteError): number;
  /** How often it was looked for in vain. */
  tries(): number;
}

export function presenceOf({ away, back }: Pick<FollowOptions, 'away' | 'back'>): Presence {
  let [tries, isTold, since] = [-1, false, 0];
  return {
    isHere() {
      if (isTold) back?.();
      [tries, isTold] = [-1, false];
    },
    isGone(why) {
      tries++;
      if (tries === 0) since = Date.now();
      // A connection that is there again at once is not worth a word.
      if (tries >= 1 && !isTold) {
        away?.(why.message);
        isTold = true;
      }
      return Date.now() - since;
    },
    tries: () => Math.max(0, tries),
  };
}

/** What one connection tells, some lines at a time; `over` where nothing comes any more. */
async function* linesOnce(
  place: Place,
  id: string,
  after: number,
  { follow, ...how }: Times & { follow: boolean; signal: AbortSignal },
): AsyncGenerator<readonly string[] | 'over'> {
  const path = `/v1/deployments/${encodeURIComponent(id)}/events?format=ndjson&follow=${follow}&after=${after}`;
  const headers = { accept: 'application/x-ndjson' };
  const reply = await request(place, { ...how, method: 'GET', path, headers });
  try {
    if (reply.status === 204) {
      yield 'over';
      return;
    }
    if (reply.status !== 200) throw await problemOf(place, reply);
    yield* linesOf(place, reply.body);
  } finally {
    reply.close();
  }
}

function readEvent({ box }: Place, line: string): DeploymentEvent {
  const value = parsed(line);
  if (isDeploymentEvent(value)) return value;
  throw new RemoteError(
    box,
    'confused',
    `it tells an event that is not known here (${JSON.stringify(line.slice(0, 200))}): is it a newer agent?`,
  );
}
