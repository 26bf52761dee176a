import { type Answer, jsonAnswer } from '../answer.ts';
import { jsonObject } from '../body.ts';
import { allow, type Call } from '../call.ts';
import { deploymentRequest } from '../fields.ts';
import type { Route } from '../route.ts';
import { needOf } from './deployments.ts';

/** `POST /v1/plan`: it may take a while (artifacts are fetched), and stops when nobody waits for it any more. */
export const planRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/plan', scope: 'read', types: ['application/json'], handle: plan },
];

async function plan(call: Call): Promise<Answer> {
  const request = deploymentRequest(jsonObject(await call.body(), call.headers['content-type']));
  const need = needOf(request);
  allow(call, need);
  const found = await call.door.agent.plan(request, call.signal);
  // Which channel a rollback goes back to is known only now.
  allow(call, { ...need, channel: found.channel });
  return jsonAnswer(found);
}
