import type { DeploymentEvent } from '../../../protocol/deploymentEvents.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import { isFollowing, streamAnswer, streamTypes } from '../eventStream.ts';
import type { Names } from '../match.ts';
import { count, countIn } from '../query.ts';
import type { Route } from '../route.ts';
import { visible } from './deployments.ts';

/** `GET /v1/deployments/ID/events`: the journal after a number, and what comes, until the deployment ends. */
export const eventRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/deployments/:id/events',
    scope: 'read',
    types: streamTypes,
    handle: events,
  },
];

async function events(call: Call, { id = '' }: Names, type: string): Promise<Answer> {
  const after = lastEventId(call) ?? countIn(call.url.searchParams, 'after') ?? 0;
  const { result, lastEvent } = await visible(call, id);
  // An EventSource that has it all asks once more when the stream ends: this tells it that nothing comes.
  if (result !== null && after >= lastEvent) return { status: 204, headers: {}, body: '' };
  const source = call.door.agent.events(id, after, { follow: isFollowing(call), signal: call.signal });
  return streamAnswer(call, untilEnd(source), type);
}

function lastEventId({ headers }: Call): number | undefined {
  const id = headers['last-event-id'];
  return id === undefined || id === '' ? undefined : count('Last-Event-ID', String(id));
}

async function* untilEnd(source: AsyncIterable<DeploymentEvent>): AsyncIterable<DeploymentEvent> {
  for await (const event of source) {
    yield event;
    if (event.type === 'end') return;
  }
}
