import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import type { ListenSettings } from '../config/config.ts';
import { AgentError } from '../failure.ts';
import { groupNumber } from '../users.ts';

/** Lets a server take connections of an address; the address that it has. `unavailable`. */
export async function listenOn(
  server: net.Server,
  { host, port }: NonNullable<ListenSettings['address']>,
): Promise<net.AddressInfo> {
  await listening(server, `${host}:${port}`, () => server.listen({ host, port }));
  return server.address() as net.AddressInfo;
}

/**
 * Lets a server take connections of a unix socket, which only the agent's user may open, and a group where one is named. One that
 * an agent left which was killed is taken away. `unavailable` where an agent listens there.
 */
export async function listenOnSocket(
  server: net.Server,
  { socket, socketGroup }: Pick<ListenSettings, 'socket' | 'socketGroup'>,
): Promise<void> {
  fs.mkdirSync(path.dirname(socket), { recursive: true, mode: 0o755 });
  await takeAway(socket);
  await listening(server, socket, () => {
    // The socket is made in this very call: nobody can open it before it has its mode.
    const mask = process.umask(0o177);
    try {
      server.listen({ path: socket });
    } finally {
      process.umask(mask);
    }
  });
  if (socketGroup === undefined) return;
  fs.chownSync(socket, process.getuid?.() ?? -1, groupOf(socketGroup));
  fs.chmodSync(socket, 0o660);
}

async function listening(server: net.Server, where: string, begin: () => void): Promise<void> {
  try {
    const ready = once(server, 'listening');
    begin();
    await ready;
  } catch (error) {
    throw new AgentError('unavailable', `nothing can listen on ${where}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

async function takeAway(socket: string): Promise<void> {
  const stat = fs.lstatSync(socket, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isSocket()) throw new AgentError('unavailable', `${socket} is there, and is no socket`);
  if (await isAnswered(socket)) throw new AgentError('unavailable', `an agent listens on ${socket} already`);
  fs.rmSync(socket, { force: true });
}

function isAnswered(socket: string): Promise<boolean> {
  const connection = net.connect({ path: socket });
  return new Promise((resolve) => {
    connection.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => connection.destroy()) as Promise<boolean>;
}

function groupOf(group: string | number): number {
  return typeof group === 'number' ? group : groupNumber(group);
}
