import type { AppStatus } from '../../../protocol/appStatus.ts';
import { mayDo } from '../../auth/scopes.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import { jsonObject } from '../body.ts';
import { allow, type Call, principalOf } from '../call.ts';
import { countField, defined, deploymentRequest, onlyKeys } from '../fields.ts';
import type { Names } from '../match.ts';
import type { Route } from '../route.ts';
import { accepted, idempotencyKey, needOf } from './deployments.ts';

const types: Route['types'] = ['application/json'];

/** `/v1/apps` and one of them. */
export const appRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/apps', scope: 'read', types, handle: list },
  { method: 'GET', path: '/v1/apps/:app', scope: 'read', types, handle: show },
  { method: 'GET', path: '/v1/apps/:app/config', scope: 'read', types, handle: config },
  { method: 'POST', path: '/v1/apps/:app/rollback', scope: 'rollback', types, handle: rollback },
  { method: 'POST', path: '/v1/apps/:app/gc', scope: 'admin', types, handle: gc },
];

async function list(call: Call): Promise<Answer> {
  const apps = await call.door.agent.apps();
  const seen = apps.filter(({ app }) => mayDo(call.caller.rights, { scope: 'read', app }));
  return jsonAnswer({ apps: seen.map((one) => visibleStatus(call, one)) });
}

async function show(call: Call, { app = '' }: Names): Promise<Answer> {
  return jsonAnswer(visibleStatus(call, await call.door.agent.app(app)));
}

/** Who may see the app need not see the deployments of all its channels. */
export function visibleStatus({ caller }: Call, status: AppStatus): AppStatus {
  const { app, last } = status;
  const isSeen = last === null || mayDo(caller.rights, { scope: 'read', app, channel: last.channel });
  return isSeen ? status : { ...status, last: null };
}

async function config(call: Call, { app = '' }: Names): Promise<Answer> {
  return jsonAnswer(await call.door.agent.config(app));
}

async function rollback(call: Call, { app = '' }: Names): Promise<Answer> {
  const fields = jsonObject(await call.body(), call.headers['content-type']);
  onlyKeys(fields, ['channel', 'version', 'plan', 'busy']);
  const request = deploymentRequest({ ...fields, app, rollback: true });
  allow(call, needOf(request));
  const key = idempotencyKey(call);
  await call.asked(request);
  return accepted(call, await call.door.agent.deploy(request, principalOf(call, app), key));
}

async function gc(call: Call, { app = '' }: Names): Promise<Answer> {
  const fields = jsonObject(await call.body(), call.headers['content-type']);
  onlyKeys(fields, ['keep']);
  const options = defined({ keep: countField(fields, 'keep', 1000) });
  await call.asked({ gc: app, ...options });
  return jsonAnswer({ removed: await call.door.agent.gc(app, options) });
}
