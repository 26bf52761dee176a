import { randomUUID } from 'node:crypto';
import type { Deployment } from '../protocol/deployment.ts';
import type { AuditEntry, AuditLog } from './auth/auditLog.ts';
import type { AgentConfig } from './config/config.ts';
import type { AgentOptions } from './deploy/options.ts';
import type { Occasion, Report } from './webhooks/report.ts';
import { openWebhooks, type Webhooks } from './webhooks/webhooks.ts';

/** Who tells webhooks of deployments. */
export interface Teller {
  /** Told by the agent itself, also of what it ends in its recovery; on the disk when this ends. */
  tell: NonNullable<AgentOptions['tell']>;
  /** Goes on with what an earlier life left: only once no other agent has the box. `full`, `unavailable`. */
  open(): Promise<void>;
  /** Stops; what is not delivered waits for the next start. */
  close(): Promise<void>;
}

/** Who tells the webhooks of a box. */
export function webhookTeller(config: AgentConfig, audit: AuditLog, log: (line: string) => void): Teller {
  const { state, webhooks: settings } = config;
  const onDrop = (webhook: string, why: string, body: string) =>
    void audit.write(droppedEntry(webhook, why, body)).catch(() => undefined);
  let opened: Promise<Webhooks> | undefined;
  const open = () => {
    opened ??= openWebhooks({ state, webhooks: [...settings], onProblem: log, onDrop });
    return opened;
  };
  return {
    async tell(deployment, when) {
      if (settings.length === 0) return;
      const occasion = when === 'start' ? 'start' : occasionOf(deployment);
      try {
        await (await open()).tell(reportOf(deployment, occasion, config));
      } catch (error) {
        log(`webhooks of ${deployment.id}: ${(error as Error).message}`);
      }
    },
    async open() {
      if (settings.length > 0) await open();
    },
    async close() {
      await (await opened)?.close();
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
