import type { AppStatus } from '../../../protocol/appStatus.ts';
import type { Deployment } from '../../../protocol/deployment.ts';
import { mayDo } from '../../auth/scopes.ts';
import type { Answer } from '../answer.ts';
import type { Call, Door } from '../call.ts';
import type { Route } from '../route.ts';

const type = 'text/plain; version=0.0.4; charset=utf-8';

/** `GET /v1/metrics`, in the text format of Prometheus: what the caller may see. */
export const metricsRoutes: readonly Route[] = [
  { method: 'GET', path: '/v1/metrics', scope: 'read', types: ['text/plain'], handle: metrics },
];

async function metrics({ door, caller }: Call): Promise<Answer> {
  const mayRead = ({ app }: { app: string }) => mayDo(caller.rights, { scope: 'read', app });
  const apps = (await door.agent.apps()).filter(mayRead);
  const deployments = (await door.agent.deployments({ limit: 1000 })).filter(mayRead);
  const families = [...doorFamilies(door), ...appFamilies(apps), ...deploymentFamilies(deployments)];
  return { status: 200, headers: { 'content-type': type }, body: families.map(familyText).join('') };
}

interface Family {
  name: string;
  help: string;
  kind: 'gauge' | 'counter';
  samples: { labels?: Readonly<Record<string, string>>; value: number }[];
}

function doorFamilies(door: Door): Family[] {
  const { counts, version } = door;
  const { environment, cluster = '' } = door.config();
  const answers = [...counts.answers].map(([key, value]) => {
    const [method = '', status = ''] = key.split(' ');
    return { labels: { method, status }, value };
  });
  return [
    gauge('info', 'The agent.', [{ labels: { version, environment, cluster }, value: 1 }]),
    gauge('start_time_seconds', 'When it began, since 1970.', [{ value: counts.began / 1000 }]),
    gauge('resident_memory_bytes', 'Its memory.', [{ value: process.memoryUsage.rss() }]),
    { name: 'http_answers_total', help: 'Answers.', kind: 'counter', samples: answers },
    gauge('event_streams', 'Streams of events that are open.', [{ value: counts.streams }]),
    {
      name: 'slow_readers_total',
      help: 'Streams of events that were cut off because nobody read them.',
      kind: 'counter',
      samples: [{ value: counts.slowReaders }],
    },
  ];
}

function appFamilies(apps: readonly AppStatus[]): Family[] {
  const live = apps.flatMap(({ app, live: version }) =>
    version === null ? [] : [{ labels: { app, version }, value: 1 }],
  );
  const count = (of: (app: AppStatus) => number) =>
    apps.map((one) => ({ labels: { app: one.app }, value: of(one) }));
  return [
    gauge('app_live', 'The version that is live.', live),
    gauge(
      'app_releases',
      'Releases on the disk.',
      count(({ releases }) => releases.length),
    ),
    gauge(
      'app_busy',
      'Whether a deployment has the app.',
      count(({ running }) => (running === null ? 0 : 1)),
    ),
  ];
}

function deploymentFamilies(deployments: readonly Deployment[]): Family[] {
  const counted = new Map<string, number>();
  const newest = new Map<string, Deployment>();
  for (const one of deployments) {
    const key = `${one.app} ${one.action} ${one.result ?? 'running'}`;
    counted.set(key, (counted.get(key) ?? 0) + 1);
    if (!newest.has(one.app)) newest.set(one.app, one);
  }
  const recorded = [...counted].map(([key, value]) => {
    const [app = '', action = '', result = ''] = key.split(' ');
    return { labels: { app, action, result }, value };
  });
  const last = [...newest].map(([app, { updated }]) => ({ labels: { app }, value: updated / 1000 }));
  return [
    gauge('deployments', 'Deployments of which the agent still has the journal.', recorded),
    gauge('last_deployment_time_seconds', 'When the newest one last changed, since 1970.', last),
  ];
}

function gauge(name: string, help: string, samples: Family['samples']): Family {
  return { name, help, kind: 'gauge', samples };
}

function familyText({ name, help, kind, samples }: Family): string {
  const full = `strata_agent_${name}`;
  const lines = samples.map(({ labels = {}, value }) => {
    const pairs = Object.entries(labels).map(([key, label]) => `${key}="${escaped(label)}"`);
    return `${full}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
  });
  return `# HELP ${full} ${help}\n# TYPE ${full} ${kind}\n${lines.join('')}`;
}

function escaped(label: string): string {
  return label.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
}
