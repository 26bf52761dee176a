import type { BoxEvent } from '../../../protocol/boxEvents.ts';
import { mayDo } from '../../auth/scopes.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import { isFollowing, streamAnswer, streamTypes } from '../eventStream.ts';
import type { Names } from '../match.ts';
import type { Route } from '../route.ts';
import { visibleStatus } from './apps.ts';

/** `GET /v1/events`: every app that the caller may see, and each one again whenever it is not as it was. */
export const watchRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/events', scope: 'read', types: streamTypes, handle: watch },
];

/** A stream ends after so many milliseconds: whoever comes again shows a token again, which may have been revoked. */
const mostMs = 600_000;

async function watch(call: Call, _: Names, type: string): Promise<Answer> {
  const { agent, config } = call.door;
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(mostMs)]);
  const source = agent.watch({ follow: isFollowing(call), signal });
  // Those who look at boxes all day leave room for those who follow a deployment.
  return streamAnswer(call, visible(call, source), type, Math.ceil((config().limits.subscribers * 3) / 4));
}

async function* visible(call: Call, source: AsyncIterable<BoxEvent>): AsyncIterable<BoxEvent> {
  for await (const event of source) {
    if (event.type !== 'app') yield event;
    else if (mayDo(call.caller.rights, { scope: 'read', app: event.status.app }))
      yield { ...event, status: visibleStatus(call, event.status) };
  }
}
