import net from 'node:net';
import { text } from 'node:stream/consumers';
import { BalancerError } from './balancer.ts';

const answerMs = 10_000;

/**
 * Says one command to HAProxy's runtime API (the management guide, "Unix Socket commands"), and gives its answer.
 * @param address `tcp://HOST:PORT` or `unix:///PATH`.
 */
export async function askHaproxy(address: string, command: string, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const socket = net.connect(placeOf(address));
  socket.setTimeout(answerMs, () => socket.destroy(new Error('it does not answer')));
  const stop = () => socket.destroy(new Error('stopped'));
  signal.addEventListener('abort', stop, { once: true });
  try {
    socket.write(`${command}\n`);
    return (await text(socket)).trim();
  } catch (error) {
    signal.throwIfAborted();
    throw new BalancerError(`HAProxy cannot be asked at ${address}: ${(error as Error).message}`);
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

function placeOf(address: string): net.NetConnectOpts {
  if (address.startsWith('unix:')) return { path: address.replace(/^unix:(\/\/)?/, '') };
  const { host = '', port = '' } =
    /^tcp:\/\/\[?(?<host>[^/\]]+?)\]?:(?<port>\d+)$/i.exec(address)?.groups ?? {};
  return { host, port: Number(port) };
}
