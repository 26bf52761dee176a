import { checkArtifactName } from '../../../artifact/names.ts';
import { defaultChannel } from '../../../artifact/repository/repository.ts';
import type { Deployment, DeploymentRequest } from '../../../protocol/deployment.ts';
import { mayDo, type Need } from '../../auth/scopes.ts';
import { AgentError } from '../../failure.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import { jsonObject } from '../body.ts';
import { allow, type Call, principalOf } from '../call.ts';
import { deploymentRequest, onlyKeys } from '../fields.ts';
import type { Names } from '../match.ts';
import { countIn } from '../query.ts';
import type { Route } from '../route.ts';

/** `/v1/deployments` and one of them. */
export const deploymentRoutes: readonly Route[] = [
  { method: 'POST', path: '/v1/deployments', scope: 'read', types: ['application/json'], handle: start },
  { method: 'GET', path: '/v1/deployments', scope: 'read', types: ['application/json'], handle: list },
  { method: 'GET', path: '/v1/deployments/:id', scope: 'read', types: ['application/json'], handle: show },
  {
    method: 'POST',
    path: '/v1/deployments/:id/cancel',
    scope: 'read',
    types: ['application/json'],
    handle: cancel,
  },
];

async function start(call: Call): Promise<Answer> {
  const request = deploymentRequest(jsonObject(await call.body(), call.headers['content-type']));
  allow(call, needOf(request));
  const key = idempotencyKey(call);
  await call.asked(request);
  return accepted(call, await call.door.agent.deploy(request, principalOf(call, request.app), key));
}

/**
 * What a request needs, as far as it says so itself: a rollback that names no channel takes that of the release that it goes back to, which
 * the agent looks up.
 */
export function needOf({ app, channel, rollback }: DeploymentRequest): Need {
  if (rollback === true) return { scope: 'rollback', app, channel };
  return { scope: 'deploy', app, channel: channel ?? defaultChannel };
}

/** The answer to what was accepted and is being done. */
export function accepted(call: Call, deployment: Deployment): Answer {
  call.about(deployment.id);
  return jsonAnswer(deployment, 202, { location: `/v1/deployments/${deployment.id}` });
}

/** The header `Idempotency-Key`; `invalid`. */
export function idempotencyKey({ headers }: Call): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new AgentError('invalid', 'an Idempotency-Key has 1 to 200 printable ASCII characters');
}

const mostListed = 1000;

async function list(call: Call): Promise<Answer> {
  const { searchParams } = call.url;
  const app = searchParams.get('app') ?? undefined;
  if (app !== undefined) allow(call, { scope: 'read', app: checkArtifactName('an app', app) });
  const limit = Math.min(countIn(searchParams, 'limit') ?? 100, mostListed);
  // What the caller may not see does not count.
  const all = await call.door.agent.deployments({ ...(app === undefined ? {} : { app }), limit: mostListed });
  const seen = all.filter((one) => mayDo(call.caller.rights, { scope: 'read', ...placeOf(one) }));
  return jsonAnswer({ deployments: seen.slice(0, limit) });
}

async function show(call: Call, { id = '' }: Names): Promise<Answer> {
  return jsonAnswer(await visible(call, id));
}

async function cancel(call: Call, { id = '' }: Names): Promise<Answer> {
  onlyKeys(jsonObject(await call.body(), call.headers['content-type']), []);
  const { action, app, channel } = await visible(call, id);
  allow(call, { scope: action, app, channel });
  call.about(id);
  await call.asked({ cancel: id });
  return jsonAnswer(await call.door.agent.cancel(id, { name: call.caller.name }), 202);
}

/** A deployment that the caller may see; `missing`, `forbidden`. */
export async function visible(call: Call, id: string): Promise<Deployment> {
  const deployment = await call.door.agent.deployment(id);
  allow(call, { scope: 'read', ...placeOf(deployment) });
  return deployment;
}

function placeOf({ app, channel }: Deployment): { app: string; channel: string } {
  return { app, channel };
}
