import type { DeploymentEvent } from '../../../protocol/deploymentEvents.ts';
import { AgentError } from '../../failure.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import { inBatches } from '../heartbeat.ts';
import type { Names } from '../match.ts';
import { HttpError } from '../problem.ts';
import { count, countIn } from '../query.ts';
import type { Route } from '../route.ts';
import { visible } from './deployments.ts';

const sse = 'text/event-stream';
const ndjson = 'application/x-ndjson';

/** `GET /v1/deployments/ID/events`: the journal after a number, and what comes, until the deployment ends. */
export const eventRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/deployments/:id/events',
    scope: 'read',
    types: [sse, ndjson],
    handle: events,
  },
];

async function events(call: Call, { id = '' }: Names, negotiated: string): Promise<Answer> {
  const { searchParams } = call.url;
  const after = lastEventId(call) ?? countIn(searchParams, 'after') ?? 0;
  const follow = searchParams.get('follow') !== 'false';
  const type = typeIn(searchParams) ?? negotiated;
  const { result, lastEvent } = await visible(call, id);
  // An EventSource that has it all asks once more when the stream ends: this tells it that nothing comes.
  if (result !== null && after >= lastEvent) return { status: 204, headers: {}, body: '' };
  const { counts, config, agent, heartbeatMs } = call.door;
  if (counts.streams >= config().limits.subscribers) {
    throw new HttpError(503, 'too many follow deployments already', { 'retry-after': '5' });
  }
  const source = agent.events(id, after, { follow, signal: call.signal });
  const headers = { 'content-type': type, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  return { status: 200, headers, body: texts(inBatches(source, heartbeatMs, sizeOf), type) };
}

function typeIn(query: URLSearchParams): string | undefined {
  const format = query.get('format');
  if (format === null) return undefined;
  if (format === 'ndjson') return ndjson;
  if (format === 'sse') return sse;
  throw new AgentError('invalid', 'format must be sse or ndjson');
}

function lastEventId({ headers }: Call): number | undefined {
  const id = headers['last-event-id'];
  return id === undefined || id === '' ? undefined : count('Last-Event-ID', String(id));
}

async function* texts(source: AsyncIterable<DeploymentEvent[]>, type: string): AsyncIterable<string> {
  const [silence, textOf] = type === ndjson ? ['\n', ndjsonText] : [':\n\n', sseText];
  for await (const events of source) {
    yield events.length === 0 ? silence : events.map(textOf).join('');
    if (events.at(-1)?.type === 'end') return;
  }
}

/** About how long an event is as a text; what is no log is short. */
function sizeOf(event: DeploymentEvent): number {
  return 100 + ('text' in event ? event.text.length : 0);
}

function ndjsonText(event: DeploymentEvent): string {
  return `${JSON.stringify(event)}\n`;
}

function sseText(event: DeploymentEvent): string {
  return `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
