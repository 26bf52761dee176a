import { randomUUID } from 'node:crypto';
import type { Deployment } from '../protocol/deployment.ts';
import { type AuditEntry, auditLog } from './auth/auditLog.ts';
import type { AgentConfig } from './config/config.ts';
import type { Agent } from './service.ts';
import type { Occasion, Report } from './webhooks/report.ts';
import { openWebhooks, type Webhooks } from './webhooks/webhooks.ts';

/**
 * The same agent, which tells webhooks of deployments: of those that are asked for, and of the ends of those that an earlier life left.
 * `full`, `unavailable` where the queue cannot be opened.
 */
export async function tellingWebhooks(
  agent: Agent,
  config: AgentConfig,
  log: (line: string) => void,
): Promise<Agent> {
  if (config.webhooks.length === 0) return agent;
  const { state, webhooks: settings } = config;
  const audit = auditLog(state);
  const webhooks = await openWebhooks({
    state,
    webhooks: [...settings],
    onProblem: log,
    onDrop: (webhook, why, body) => void audit.write(droppedEntry(webhook, why, body)).catch(() => undefined),
  });
  const stop = new AbortController();
  const followed = new Map<string, Promise<void>>();
  const follow = (deployment: Deployment, isNew: boolean) => {
    const { id } = deployment;
    if (followed.has(id) || deployment.result !== null) return;
    const told = tellOf(agent, deployment, { config, webhooks, isNew, signal: stop.signal })
      .catch((error: Error) => stop.signal.aborted || log(`webhooks of ${id}: ${error.message}`))
      .then(() => void followed.delete(id));
    followed.set(id, told);
  };
  for (const deployment of await agent.deployments({})) follow(deployment, false);
  return {
    ...agent,
    async deploy(request, by, key) {
      const deployment = await agent.deploy(request, by, key);
      follow(deployment, true);
      return deployment;
    },
    async drain() {
      await agent.drain();
      stop.abort();
      await Promise.all(followed.values());
      await webhooks.close();
      await audit.close();
    },
  };
}

/** What the audit log says of a report that nobody will get. */
function droppedEntry(webhook: string, why: string, body: string): AuditEntry {
  const nobody = { who: null, token: null, from: 'agent', method: 'POST' };
  return {
    request: randomUUID(),
    what: 'dropped',
    ...nobody,
    path: `webhook ${webhook}`,
    body: { why, report: body },
  };
}

interface Telling {
  config: AgentConfig;
  webhooks: Webhooks;
  /** It is to be told that it began. */
  isNew: boolean;
  signal: AbortSignal;
}

async function tellOf(agent: Agent, deployment: Deployment, telling: Telling): Promise<void> {
  const { config, webhooks, isNew, signal } = telling;
  if (isNew) await webhooks.tell(reportOf(deployment, 'start', config));
  for await (const event of agent.events(deployment.id, deployment.lastEvent, { follow: true, signal })) {
    if (event.type === 'end') break;
  }
  const ended = await agent.deployment(deployment.id);
  if (ended.result !== null) await webhooks.tell(reportOf(ended, occasionOf(ended), config));
}

function occasionOf({ result }: Deployment): Occasion {
  if (result === 'done') return 'success';
  return result === 'rolled_back' ? 'rollback' : 'failure';
}

function reportOf(
  deployment: Deployment,
  result: Occasion,
  { hostname, environment, link }: AgentConfig,
): Report {
  const { id, app, action, channel, previous, version, user, reason } = deployment;
  return {
    ...{ app, action, target: channel, old_version: previous, version, user, fqdn: hostname, environment },
    result,
    ...(reason === null ? {} : { reason }),
    ...(link === undefined ? {} : { link: link.replaceAll('{id}', id).replaceAll('{app}', app) }),
  };
}
