import { AgentError } from '../failure.ts';
import type { Answer } from './answer.ts';
import type { Call } from './call.ts';
import { inBatches } from './heartbeat.ts';
import { HttpError } from './problem.ts';
import type { Route } from './route.ts';

const sse = 'text/event-stream';
const ndjson = 'application/x-ndjson';

/** How streams of events are told: as server-sent events, or a line of JSON each. */
export const streamTypes: Route['types'] = [sse, ndjson];

/** What goes over a stream. */
interface StreamEvent {
  type: string;
  /** Whoever comes again says the last one. */
  seq?: number;
  text?: string;
}

/** Answers with events as they come; a sign of life where none does for a while. 503 where too many follow already. */
export function streamAnswer(
  { url, door }: Call,
  source: AsyncIterable<StreamEvent>,
  negotiated: string,
  most: number = door.config().limits.subscribers,
): Answer {
  const type = typeIn(url.searchParams) ?? negotiated;
  if (door.counts.streams >= most) {
    throw new HttpError(503, 'too many follow events already', { 'retry-after': '5' });
  }
  const headers = { 'content-type': type, 'cache-control': 'no-store', 'x-accel-buffering': 'no' };
  return { status: 200, headers, body: texts(inBatches(source, door.heartbeatMs, sizeOf), type) };
}

/** Whether what comes is waited for. */
export function isFollowing({ url }: Call): boolean {
  return !url.searchParams.getAll('follow').includes('false');
}

function typeIn(query: URLSearchParams): string | undefined {
  const format = query.get('format');
  if (format === null) return undefined;
  if (format === 'ndjson') return ndjson;
  if (format === 'sse') return sse;
  throw new AgentError('invalid', 'format must be sse or ndjson');
}

async function* texts(source: AsyncIterable<StreamEvent[]>, type: string): AsyncIterable<string> {
  const [silence, textOf] = type === ndjson ? ['\n', ndjsonText] : [':\n\n', sseText];
  for await (const events of source) yield events.length === 0 ? silence : events.map(textOf).join('');
}

/** About how long an event is as a text; what has none is short. */
function sizeOf(event: StreamEvent): number {
  return 100 + (event.text?.length ?? 0);
}

function ndjsonText(event: StreamEvent): string {
  return `${JSON.stringify(event)}\n`;
}

function sseText(event: StreamEvent): string {
  const id = event.seq === undefined ? '' : `id: ${event.seq}\n`;
  return `${id}event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
