import { EventEmitter, on } from 'node:events';
import { AgentError } from '../../../agent/failure.ts';
import type { Agent, Principal } from '../../../agent/service.ts';
import type { AppStatus } from '../../../protocol/appStatus.ts';
import type { Deployment, DeploymentRequest } from '../../../protocol/deployment.ts';
import type { DeploymentEvent, EventBody } from '../../../protocol/deploymentEvents.ts';

/** An agent that keeps all in memory: what it does to an app is what the test says. */
export interface MemoryAgent extends Agent {
  /** Something happens in a deployment. */
  happen(id: string, body: EventBody): void;
  /** What was asked for, by whom. */
  asked: { request: DeploymentRequest; by: string; key: string | undefined }[];
  /** How many read events now. */
  readers(): number;
}

interface Kept {
  deployment: Deployment;
  events: DeploymentEvent[];
}

function refuseBusy({ app, busy }: DeploymentRequest, owner: Deployment | undefined): void {
  if (owner === undefined || busy === 'wait') return;
  const { id, user, created } = owner;
  throw new AgentError('busy', `${app} is being deployed`, {
    owner: { deployment: id, user, since: created, what: `deploy ${app}` },
  });
}

function checkRights({ rollback, channel = 'master' }: DeploymentRequest, by: Principal): void {
  by.check?.({ scope: rollback ? 'rollback' : 'deploy', channel });
}

/** @param live the apps of the box and their live versions. */
export function memoryAgent(live: Record<string, string | null> = { shop: '1' }): MemoryAgent {
  const versions = new Map(Object.entries(live));
  const kept = new Map<string, Kept>();
  const keys = new Map<string, string>();
  const asked: MemoryAgent['asked'] = [];
  const bell = new EventEmitter();
  bell.setMaxListeners(0);
  let readers = 0;
  let isDrained = false;
  const find = (id: string): Kept => {
    const found = kept.get(id);
    if (found === undefined) throw new AgentError('missing', `there is no deployment ${id}`);
    return found;
  };
  const running = (app: string) =>
    [...kept.values()].find(({ deployment }) => deployment.app === app && deployment.result === null)
      ?.deployment;
  const statusOf = (app: string): AppStatus => {
    const version = versions.get(app);
    if (version === undefined) throw new AgentError('missing', `there is no app ${app}`);
    return statusWith(app, version);
  };
  const statusWith = (app: string, version: string | null): AppStatus => {
    const releases = version === null ? [] : [{ version, completed: 1 }];
    const last = [...kept.values()].findLast(({ deployment }) => deployment.app === app)?.deployment ?? null;
    const since = version === null ? null : 1;
    return { app, live: version, since, previous: null, releases, running: running(app)?.id ?? null, last };
  };

  async function* read(
    id: string,
    after: number,
    { follow, signal }: { follow: boolean; signal: AbortSignal },
  ): AsyncIterable<DeploymentEvent> {
    const { events } = find(id);
    readers++;
    const rings = on(bell, id, { signal });
    try {
      for (let at = after; ; ) {
        while (at < events.length) yield events[at++]!;
        if (!follow || events.at(-1)?.type === 'end') return;
        await rings.next();
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      readers--;
      await rings.return?.();
    }
  }

  return {
    asked,
    readers: () => readers,
    happen(id, body) {
      const { deployment, events } = find(id);
      events.push({ ...body, seq: events.length + 1, time: 1000 + events.length });
      deployment.lastEvent = events.length;
      if (body.type === 'state') deployment.state = body.state;
      if (body.type === 'end') {
        deployment.result = deployment.state = body.result;
        deployment.reason = body.reason ?? null;
        if (body.result === 'done') versions.set(deployment.app, deployment.version);
      }
      bell.emit(id);
      bell.emit('app', deployment.app);
    },
    async deploy(request, by, key) {
      if (isDrained) throw new AgentError('unavailable', 'the agent is about to stop');
      const before = key === undefined ? undefined : keys.get(key);
      if (before !== undefined) return find(before).deployment;
      checkRights(request, by);
      refuseBusy(request, running(request.app));
      if (request.app === 'broken') throw new Error('a secret of the inside');
      asked.push({ request, by: by.name, key });
      const id = `d${kept.size + 1}`;
      const deployment: Deployment = {
        id,
        action: request.rollback ? 'rollback' : 'deploy',
        app: request.app,
        channel: request.channel ?? 'master',
        version: request.version ?? '2',
        previous: versions.get(request.app) ?? null,
        state: 'accepted',
        user: by.name,
        created: 1,
        updated: 1,
        lastEvent: 0,
        result: null,
        reason: null,
      };
      kept.set(id, { deployment, events: [] });
      if (key !== undefined) keys.set(key, id);
      this.happen(id, { type: 'state', state: 'accepted' });
      return deployment;
    },
    async plan({ app, channel = 'master', version = '2' }) {
      const none = {
        commits: [],
        config: [],
        files: [],
        units: [],
        vhosts: [],
        restarts: [],
        migrations: [],
      };
      const from = statusOf(app).live;
      const place = { environment: 'qa', cluster: null, hostname: null };
      const more = { place, hooks: [], obstacles: [], digest: 'sha256:0' };
      return { app, channel, from, to: version, isNoOp: from === version, ...none, ...more };
    },
    deployment: async (id) => ({ ...find(id).deployment }),
    async deployments({ app, limit = 100 }) {
      const all = [...kept.values()].map(({ deployment }) => deployment).reverse();
      return all.filter((one) => app === undefined || one.app === app).slice(0, limit);
    },
    events: read,
    async cancel(id) {
      this.happen(id, { type: 'end', result: 'failed', reason: 'cancelled' });
      return find(id).deployment;
    },
    apps: async () => [...versions.keys()].map(statusOf),
    async *watch({ follow, signal }) {
      if (signal.aborted) return;
      const rings = on(bell, 'app', { signal });
      try {
        for (const app of versions.keys()) yield { type: 'app', status: statusOf(app) };
        yield { type: 'current' };
        if (!follow) return;
        for await (const [app] of rings)
          yield { type: 'app', status: statusWith(app, versions.get(app) ?? null) };
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        await rings.return?.();
      }
    },
    app: async (name) => statusOf(name),
    async config(app) {
      statusOf(app);
      return { [app]: { password: 'sha256:1' } };
    },
    async gc(app) {
      statusOf(app);
      return ['0'];
    },
    async drain() {
      isDrained = true;
    },
  };
}
