import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A way to an agent on loopback that can be cut: each connection that it takes leads on to one of the agent. */
export interface Relay {
  url: string;
  port: number;
  /** How many connections lead through it now. */
  open(): number;
  /** Breaks all connections off. */
  cut(): void;
  /** From now on each connection breaks off behind so many bytes of the agent's; none do by itself for `undefined`. */
  cutAfter(bytes: (() => number) | undefined): void;
  /** From now on connections lead to another place, or are refused where there is none. */
  leadTo(target: net.NetConnectOpts | undefined): void;
  /** Swallows all that comes from now on, as a network does that is gone. */
  swallow(isSilent: boolean): void;
  /** How many connections it broke off. */
  cuts(): number;
}

const relays: net.Server[] = [];
afterAll(() => {
  for (const relay of relays) relay.close();
});

export async function newRelay(first: net.NetConnectOpts): Promise<Relay> {
  const pairs = new Set<() => void>();
  let target: net.NetConnectOpts | undefined = first;
  let budget: (() => number) | undefined;
  let [cuts, isSilent] = [0, false];
  const server = net.createServer((near) => {
    if (target === undefined) {
      near.resetAndDestroy();
      return;
    }
    if (isSilent) {
      near.on('error', () => undefined).resume();
      return;
    }
    const far = net.connect(target);
    let left = budget?.() ?? Number.POSITIVE_INFINITY;
    const end = () => {
      pairs.delete(end);
      near.destroy();
      far.destroy();
    };
    const breakOff = () => {
      if (pairs.has(end)) cuts++;
      end();
    };
    pairs.add(end);
    near.on('error', end).on('close', end);
    far.on('error', end).on('close', () => {
      // What was written is to get there, as it does on a wire.
      near.end(end);
    });
    near.on('data', (bytes) => isSilent || far.write(bytes));
    far.on('data', (bytes) => {
      if (isSilent) return;
      if (bytes.length < left) {
        left -= bytes.length;
        if (!near.write(bytes)) {
          far.pause();
          near.once('drain', () => far.resume());
        }
        return;
      }
      near.write(bytes.subarray(0, left), breakOff);
      left = Number.POSITIVE_INFINITY;
      far.pause();
    });
  });
  relays.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    open: () => pairs.size,
    cut() {
      cuts += pairs.size;
      for (const end of pairs) end();
    },
    cutAfter: (bytes) => {
      budget = bytes;
    },
    leadTo: (next) => {
      target = next;
    },
    swallow: (next) => {
      isSilent = next;
    },
    cuts: () => cuts,
  };
}
