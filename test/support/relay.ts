import { once } from 'node:events';
import net from 'node:net';

type Side = 'client' | 'server';
/** What becomes of bytes that came: passed on, dropped, the end of the connection, or an answer instead. */
type Fate = 'pass' | 'drop' | 'end' | { answer: string };
/** What a relay does, for each connection anew. */
export type Fault = () => (from: Side, bytes: Buffer) => Fate;

/** A TCP relay before a server, which can do what networks do. */
export interface Relay {
  port: number;
  /** Ends what is open, and does this to all that comes. */
  set(fault: Fault): void;
  stop(): Promise<void>;
}

/** A network that works. */
export const sound: Fault = () => () => 'pass';

/** Lets no byte through. */
export const stalled: Fault = () => () => 'drop';

/** Ends connections once so many bytes came from one side, a few times. */
export function cut(side: Side, afterBytes: number, times = Number.POSITIVE_INFINITY): Fault {
  let left = times;
  return () => {
    let count = 0;
    return (from, bytes) => {
      count += from === side ? bytes.length : 0;
      return count > afterBytes && left-- > 0 ? 'end' : 'pass';
    };
  };
}

/** Answers by itself that the server is busy, a few times. */
export function busy(times = Number.POSITIVE_INFINITY): Fault {
  const answer = 'HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
  let left = times;
  return () => () => (left-- > 0 ? { answer } : 'pass');
}

/** Hands a request on that looks so, once, and loses the answer. */
export function losesAnswer(to: RegExp): Fault {
  let left = 1;
  return () => {
    let isIt = false;
    return (from, bytes) => {
      isIt ||= from === 'client' && left > 0 && to.test(bytes.toString('latin1'));
      return isIt && from === 'server' && left-- > 0 ? 'end' : 'pass';
    };
  };
}

/** Starts a relay on a free port of the loopback. */
export async function startRelay(target: { host: string; port: number }): Promise<Relay> {
  const open = new Set<net.Socket>();
  let fault = sound;
  const server = net.createServer((client) => {
    const upstream = net.connect(target.port, target.host);
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => open.delete(socket));
    }
    join(fault(), client, upstream);
  });
  const endAll = () => {
    for (const socket of open) socket.destroy();
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    set(next) {
      endAll();
      fault = next;
    },
    async stop() {
      server.close();
      endAll();
      await once(server, 'close');
    },
  };
}

function join(fateOf: ReturnType<Fault>, client: net.Socket, upstream: net.Socket): void {
  const pass = (from: Side, to: net.Socket) => (bytes: Buffer) => {
    const fate = fateOf(from, bytes);
    if (fate === 'pass') to.write(bytes);
    if (typeof fate === 'object') {
      upstream.destroy();
      client.end(fate.answer);
    }
    if (fate === 'end') {
      client.destroy();
      upstream.destroy();
    }
  };
  client.on('data', pass('client', upstream)).on('close', () => upstream.destroy());
  upstream.on('data', pass('server', client)).on('close', () => client.end());
}
