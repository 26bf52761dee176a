import { isAppStatus } from '../protocol/appStatus.ts';
import { isDeployment } from '../protocol/deployment.ts';
import { isPlan } from '../protocol/deploymentPlan.ts';
import { isObject } from '../protocol/values.ts';
import type { Credentials } from './credentials.ts';
import { deploy } from './deploy.ts';
import { followEvents } from './events.ts';
import { ask, withList } from './http/ask.ts';
import type { Place } from './http/request.ts';
import type { RemoteAgent } from './remoteAgent.ts';
import { watchBox } from './watchBox.ts';

/** How long is waited, in milliseconds. */
export interface Waits {
  /** Until an answer begins. */
  answerMs: number;
  /** Until a plan begins: artifacts are fetched for it. */
  planMs: number;
  /** For more of an answer; an agent says every ten seconds that it lives. */
  silenceMs: number;
}

const usualWaits: Waits = { answerMs: 30_000, planMs: 900_000, silenceMs: 30_000 };

/** The agent of a box. Nothing is connected yet: each call has a connection of its own. */
export function openAgent(
  box: { name: string; url: string },
  credentials: Credentials,
  waits: Partial<Waits> = {},
): RemoteAgent {
  const place: Place = { box: box.name, url: box.url, credentials };
  const { answerMs, planMs, silenceMs } = { ...usualWaits, ...waits };
  const times = { answerMs, silenceMs };
  const get = <T>(path: string, isAnswer: (value: unknown) => value is T, signal: AbortSignal) =>
    ask(place, { method: 'GET', path, signal, ...times }, isAnswer);
  return {
    box: box.name,
    plan: (body, signal) =>
      ask(place, { method: 'POST', path: '/v1/plan', body, answerMs: planMs, silenceMs, signal }, isPlan),
    deploy: (request, key, signal) => deploy(place, request, key, { ...times, signal }),
    deployment: (id, signal) => get(`/v1/deployments/${encodeURIComponent(id)}`, isDeployment, signal),
    async deployments({ app, limit }, signal) {
      const query = new URLSearchParams({
        ...(app === undefined ? {} : { app }),
        ...(limit === undefined ? {} : { limit: String(limit) }),
      });
      return (await get(`/v1/deployments?${query}`, isDeployments, signal)).deployments;
    },
    events: (id, after, options) => followEvents(place, id, after, options, times),
    watch: (options) => watchBox(place, options, times),
    cancel: (id, signal) => {
      const path = `/v1/deployments/${encodeURIComponent(id)}/cancel`;
      return ask(place, { method: 'POST', path, body: {}, signal, ...times }, isDeployment);
    },
    apps: async (signal) => (await get('/v1/apps', isApps, signal)).apps,
    app: (name, signal) => get(`/v1/apps/${encodeURIComponent(name)}`, isAppStatus, signal),
    config: (app, signal) => get(`/v1/apps/${encodeURIComponent(app)}/config`, isObject, signal),
  };
}

const isDeployments = withList('deployments', isDeployment);
const isApps = withList('apps', isAppStatus);
