import type { BalancerInfo } from '../../protocol/balancers.ts';
import { type Balancer, BalancerError } from './balancer.ts';
import { commandBalancer } from './commands.ts';
import { filled } from './filled.ts';
import { haproxyBalancer } from './haproxy.ts';

/** A box behind balancers. */
export interface BalancedBox {
  name: string;
  environment: string;
  cluster?: string | null | undefined;
  labels: Readonly<Record<string, string>>;
}

/** The balancers that give requests for an app to a box, in the order of the manifest. */
export function balancersBefore(all: readonly BalancerInfo[], box: BalancedBox, app: string): BalancerInfo[] {
  return all.filter(
    ({ environment, cluster, apps }) =>
      environment === box.environment &&
      (cluster === null || cluster === box.cluster) &&
      (apps === null || apps.includes(app)),
  );
}

/** The same, so that they can be told something. @param folder that of the workspace, in which commands are run. */
export function openBalancers(
  all: readonly BalancerInfo[],
  box: BalancedBox,
  app: string,
  folder: string,
): Balancer[] {
  return balancersBefore(all, box, app).map((info) => openBalancer(info, box, app, folder));
}

function openBalancer(info: BalancerInfo, box: BalancedBox, app: string, folder: string): Balancer {
  const { name, environment, haproxy, commands, drainMs, timeoutMs } = info;
  const cluster = box.cluster ?? '';
  const known = { box: box.name, app, environment, cluster };
  const fill = (text: string) => filled(text, known, box.labels);
  if (haproxy !== null) {
    const { address, backend, server } = haproxy;
    const named = () => ({ address, backend: haproxyName(fill(backend)), server: haproxyName(fill(server)) });
    return haproxyBalancer(name, named, { drainMs, timeoutMs });
  }
  const env = {
    ...{ STRATA_BALANCER: name, STRATA_BOX: box.name, STRATA_APP: app },
    ...{ STRATA_ENVIRONMENT: environment, STRATA_CLUSTER: cluster },
  };
  const argv = (which: 'out' | 'in') => (commands?.[which] ?? []).map(fill);
  return commandBalancer(name, argv, { env, folder, timeoutMs });
}

/** A name as HAProxy's configuration manual allows it, so that nothing in it is a command of its own. */
function haproxyName(text: string): string {
  if (/^[A-Za-z0-9_.:-]+$/.test(text)) return text;
  throw new BalancerError(
    `\`${text}\` is no name that HAProxy knows: it has letters, digits, and - _ . : at most`,
    true,
  );
}
