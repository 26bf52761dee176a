import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepWork } from '../../deploy/step.ts';
import { ifThere } from '../../releases/lasting.ts';
import { checkLive } from '../web/check.ts';
import { serveAnew } from '../web/reload.ts';
import { nginx } from '../web/servers.ts';
import type { Balancer } from './balancer.ts';
import type { BalancerSettings, PairSettings, Slot } from './settings.ts';

type NginxSettings = Extract<BalancerSettings, { kind: 'nginx' }>;

/**
 * nginx, by a file with the upstream and a reload. Its old workers finish what they have, and close connections of clients that are idle: a
 * request that is sent at that moment sees a reset. `sockets` have no such gap.
 */
export function nginxBalancer(
  { upstream, file }: NginxSettings,
  { address }: PairSettings,
  work: StepWork,
): Balancer {
  const textFor = (slot: Slot) => {
    const at = address(slot);
    const server = 'port' in at ? `127.0.0.1:${at.port}` : `unix:${at.socket}`;
    return `# Written by strata-agent: the slot ${slot} serves.\nupstream ${upstream} {\n    server ${server};\n    keepalive 16;\n}\n`;
  };
  return {
    async lead(to) {
      const text = textFor(to);
      if ((await ifThere(fs.readFile(file, 'utf8'))) !== text)
        await work.side.put({ path: file, content: text });
      await checkLive(work, nginx);
      // Its old workers are leaving by then: `open` counts them.
      await serveAnew(work, nginx);
      work.log(`nginx sends new requests to the slot ${to}`, 'agent');
    },
    open: () => workersLeaving(),
    rest: async () => undefined,
  };
}

const leaving = 'nginx: worker process is shutting down';

/** How many workers of before a reload still have something to do. */
async function workersLeaving(): Promise<number> {
  const processes = (await fs.readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    processes.map((name) =>
      ifThere(fs.readFile(path.join('/proc', name, 'cmdline'), 'utf8')).catch(() => ''),
    ),
  );
  return lines.filter((line) => line?.startsWith(leaving)).length;
}
