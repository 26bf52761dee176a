import { checkArtifactName } from '../../../artifact/names.ts';
import type { AppStatus } from '../../../protocol/appStatus.ts';
import type { Deployment } from '../../../protocol/deployment.ts';
import { mayDo } from '../../auth/scopes.ts';
import { AgentError } from '../../failure.ts';
import type { Agent } from '../../service.ts';
import { type Answer, jsonAnswer } from '../answer.ts';
import { formFields } from '../body.ts';
import { allow, type Call, principalOf } from '../call.ts';
import type { Names } from '../match.ts';
import { problemAnswer } from '../problem.ts';
import type { Route } from '../route.ts';
import { idempotencyKey } from './deployments.ts';

const shared = { types: ['application/json'], isBasicAllowed: true, failure } as const;

/** The interface of yodeploy's own server: what drives one of those drives this one. */
export const yodeployRoutes: readonly Route[] = [
  { method: 'GET', path: '/deploy/', scope: 'read', ...shared, handle: list },
  { method: 'GET', path: '/deploy/:app', scope: 'read', ...shared, handle: show },
  { method: 'POST', path: '/deploy/:app', scope: 'deploy', ...shared, handle: deploy },
];

async function list(call: Call): Promise<Answer> {
  const apps = (await knownApps(call)).filter(({ name }) => mayDo(call.caller.rights, readOf(name)));
  return jsonAnswer({ applications: apps });
}

function readOf(app: string): { scope: 'read'; app: string } {
  return { scope: 'read', app };
}

/** The apps that are there, and those that the config names. */
async function knownApps({ door }: Call): Promise<{ name: string; version: string | null }[]> {
  const live = new Map([...door.config().apps.keys()].map((app): [string, string | null] => [app, null]));
  for (const { app, live: version } of await door.agent.apps()) live.set(app, version);
  return [...live].map(([name, version]) => ({ name, version })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function show(call: Call, { app = '' }: Names): Promise<Answer> {
  const found = (await knownApps(call)).find(({ name }) => name === app);
  if (found === undefined) throw new AgentError('missing', `there is no app ${app} here`);
  return jsonAnswer({ application: found });
}

/** Answers when the deployment is over, as yodeploy does; it goes on where nobody waits any longer. */
async function deploy(call: Call, { app = '' }: Names): Promise<Answer> {
  const fields = await formFields(await call.body(), call.headers['content-type']);
  const given = (key: string) => fields.get(key) || undefined;
  const channel = checkArtifactName('a channel', given('target') ?? 'master');
  const version = given('version');
  if (version !== undefined) checkArtifactName('a version', version);
  allow(call, { scope: 'deploy', app, channel });
  const request = { app, channel, busy: 'wait' as const, ...(version === undefined ? {} : { version }) };
  const { agent } = call.door;
  const by = principalOf(call, app, userName(call, given('user')));
  const key = idempotencyKey(call);
  await call.asked({ ...request, user: by.name });
  const { id } = await agent.deploy(request, by, key);
  call.about(id);
  const ended = await endOf(agent, id, call.signal);
  if (ended.result !== 'done')
    throw new AgentError('failed', ended.reason ?? `it ended ${ended.result ?? 'early'}`);
  return jsonAnswer({ application: nameAndVersion(await agent.app(app)) });
}

function nameAndVersion({ app, live }: AppStatus): { name: string; version: string | null } {
  return { name: app, version: live };
}

/** Whom the caller deploys for, as it says, beside who it is. */
function userName({ caller }: Call, user: string | undefined): string {
  if (user === undefined) return caller.name;
  if (user.length > 100 || /\p{Cc}/u.test(user)) throw new AgentError('invalid', '`user` is no name');
  return `${user} (${caller.name})`;
}

async function endOf(agent: Agent, id: string, signal: AbortSignal): Promise<Deployment> {
  const { lastEvent } = await agent.deployment(id);
  for await (const event of agent.events(id, lastEvent, { follow: true, signal })) {
    if (event.type === 'end') break;
  }
  return agent.deployment(id);
}

/** As yodeploy's server says it, with the reason beside. */
function failure(error: unknown): Answer | undefined {
  const { status, headers, body } = problemAnswer(error, 'Basic');
  const detail: unknown = JSON.parse(String(body)).detail;
  if (status === 404) return jsonAnswer({ error: 'Not found', status, detail }, status);
  if (status >= 500) return jsonAnswer({ error: 'Server error', status, detail }, status);
  return { status, headers, body };
}
