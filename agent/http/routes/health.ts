import { type Answer, jsonAnswer } from '../answer.ts';
import type { Call, Door } from '../call.ts';
import type { Route } from '../route.ts';

/** `GET /v1/health`: who is known hears what the box is, anybody else whether the agent lives. */
export const healthRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/health', scope: 'read', types: ['application/json'], handle: health },
];

async function health({ door }: Call): Promise<Answer> {
  const { hostname, environment, cluster = null } = door.config();
  const facts = { version: door.version, time: Date.now(), hostname, environment, cluster };
  return jsonAnswer({ status: statusOf(door), ...facts }, isClosing(door) ? 503 : 200);
}

/** What a load balancer or a monitor without a token is told. */
export function briefHealth(door: Door): Answer {
  return jsonAnswer({ status: statusOf(door) }, isClosing(door) ? 503 : 200);
}

function statusOf(door: Door): string {
  return isClosing(door) ? 'closing' : 'ok';
}

function isClosing({ closing }: Door): boolean {
  return closing.aborted;
}
