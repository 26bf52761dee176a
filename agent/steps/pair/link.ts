import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepWork } from '../../deploy/step.ts';
import { swingLink } from '../../releases/swing.ts';
import type { Balancer } from './balancer.ts';
import type { BalancerSettings, PairSettings } from './settings.ts';

type LinkSettings = Extract<BalancerSettings, { kind: 'link' }>;

/**
 * A web server that connects to a unix socket behind a link, which is swung by a rename: nothing is reloaded, and no connection of a client is
 * closed.
 */
export function linkBalancer({ link }: LinkSettings, { address }: PairSettings, { log }: StepWork): Balancer {
  const socketOf = (slot: Parameters<typeof address>[0]) => {
    const at = address(slot);
    return 'socket' in at ? at.socket : '';
  };
  return {
    async lead(to) {
      await swingLink(link, path.basename(socketOf(to)));
      log(`${link} leads to ${socketOf(to)}`, 'agent');
    },
    open: (slot) => connectionsOf(socketOf(slot)),
    rest: async () => undefined,
  };
}

/** As the kernel calls a socket that is connected, in `/proc/net/unix`. */
const connected = '03';

/** How many connections to a unix socket there are: what was accepted from it bears its name. */
async function connectionsOf(socket: string): Promise<number> {
  const lines = (await fs.readFile('/proc/net/unix', 'utf8')).split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter((one) => one[5] === connected && one[7] === socket).length;
}
