import path from 'node:path';
import type { HealthSettings } from '../../config/config.ts';
import { readHealth } from '../../config/health.ts';
import { asMapping, asText } from '../../config/plain.ts';
import { milliseconds } from '../../config/units.ts';
import type { StepContext } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';

/** The two places that a release can run in, side by side. */
export const slots = ['blue', 'green'] as const;
export type Slot = (typeof slots)[number];

export function otherSlot(slot: Slot): Slot {
  return slot === 'blue' ? 'green' : 'blue';
}

/** Where the app of a slot listens. */
export type SlotAddress = { port: number } | { socket: string };

/** Fills in a text that names a slot by `{slot}`, `{port}` or `{socket}`. */
export function filledFor(slot: Slot, address: SlotAddress): (text: string) => string {
  const [name, value] = 'port' in address ? ['{port}', `${address.port}`] : ['{socket}', address.socket];
  return (text) => text.replaceAll('{slot}', slot).replaceAll(name, value);
}

/** Who sends requests to the slots. */
export type BalancerSettings =
  | {
      kind: 'haproxy';
      socket: string;
      backend: string;
      servers: Record<Slot, string>;
      state: string | undefined;
    }
  | { kind: 'nginx'; upstream: string; file: string }
  | { kind: 'link'; link: string };

export interface PairSettings {
  /** What the slots are called: `shop` for the units `shop@blue.service` and `shop@green.service`. */
  name: string;
  address(slot: Slot): SlotAddress;
  balancer: BalancerSettings;
  /** What a slot has to pass before it gets requests; whether it takes connections when left out. */
  health: HealthSettings | undefined;
  /** How long open requests of the old release are waited for, in milliseconds. */
  drainMs: number;
}

const usualDrainMs = 30_000;

/** Reads the options of the step; `refused` where they do not fit together. */
export function pairSettings({ app, options }: Pick<StepContext, 'app' | 'options'>): PairSettings {
  const sockets = asText(options.sockets);
  const ports = asMapping(options.ports);
  if ((sockets === undefined) === (ports === undefined)) {
    throw new AgentError(
      'refused',
      'pair: say where the slots listen, by `ports: {blue, green}` or by `sockets`, a folder',
    );
  }
  return {
    name: asText(options.unit) ?? app,
    address: (slot) =>
      sockets === undefined
        ? { port: Number(ports?.[slot]) }
        : { socket: path.join(sockets, `${slot}.sock`) },
    balancer: balancerSettings(app, options, sockets),
    health: readHealth(options.health),
    drainMs: milliseconds(asText(options.drain) ?? '') ?? usualDrainMs,
  };
}

function balancerSettings(
  app: string,
  { haproxy, nginx }: StepContext['options'],
  sockets: string | undefined,
): BalancerSettings {
  const [ofHaproxy, ofNginx] = [asMapping(haproxy), asMapping(nginx)];
  if (ofHaproxy !== undefined) {
    const servers = asMapping(ofHaproxy.servers);
    return {
      kind: 'haproxy',
      socket: asText(ofHaproxy.socket) ?? '/run/haproxy/admin.sock',
      backend: asText(ofHaproxy.backend) ?? app,
      servers: { blue: asText(servers?.blue) ?? 'blue', green: asText(servers?.green) ?? 'green' },
      state: asText(ofHaproxy.state),
    };
  }
  if (sockets !== undefined) return { kind: 'link', link: path.join(sockets, 'live.sock') };
  if (ofNginx !== undefined) {
    const file = asText(ofNginx.file) ?? `/etc/nginx/conf.d/${app}-upstream.conf`;
    return { kind: 'nginx', upstream: asText(ofNginx.upstream) ?? app, file };
  }
  throw new AgentError(
    'refused',
    'pair: say who sends requests to the slots: `haproxy` or `nginx`, or `sockets` for a link',
  );
}
