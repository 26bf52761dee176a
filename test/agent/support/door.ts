import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { afterAll } from 'vitest';
import { auditLog } from '../../../agent/auth/auditLog.ts';
import type { Rights } from '../../../agent/auth/scopes.ts';
import { createToken } from '../../../agent/auth/tokenFiles.ts';
import { placesOf } from '../../../agent/config/places.ts';
import { readConfig } from '../../../agent/config/readConfig.ts';
import { type OpenDoor, openDoor } from '../../../agent/http/open.ts';
import type { Agent } from '../../../agent/service.ts';
import { writeFiles } from '../../support/workspaceFiles.ts';
import { type MemoryAgent, memoryAgent } from './memoryAgent.ts';

/** An agent that can be reached, in a folder of its own. */
export interface TestDoor<A extends Agent = MemoryAgent> {
  agent: A;
  open: OpenDoor;
  folder: string;
  state: string;
  socket: string;
  host: string;
  port: number;
  /** What the agent told whoever runs it. */
  log: string[];
  /** A new token; everything may be done with it where nothing else is said. */
  token(rights?: Partial<Rights> & { name?: string; expires?: number | null }): string;
  ask(method: string, path: string, options?: AskOptions): Promise<Reply>;
  audit(): Record<string, unknown>[];
  /** Reads another config. */
  reload(config: string): void;
  /** Who was turned away. */
  refused(): Record<string, unknown>[];
}

export interface AskOptions {
  token?: string;
  headers?: Record<string, string>;
  /** JSON where it is no text. */
  body?: unknown;
  /** Through the unix socket. */
  socket?: boolean;
  tls?: https.RequestOptions;
}

export interface Reply {
  status: number;
  headers: http.IncomingHttpHeaders;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: what tests look into is what they check.
  json: any;
}

const doors: OpenDoor[] = [];
afterAll(async () => {
  for (const door of doors) await door.close(0);
});

export interface DoorOptions<A extends Agent> {
  agent?: A;
  /** More of the config, as YAML. */
  config?: string;
  listen?: string;
  folder?: string;
  heartbeatMs?: number;
}

/** Opens a door on loopback and on a unix socket. */
export async function testDoor<A extends Agent = MemoryAgent>(
  options: DoorOptions<A> = {},
): Promise<TestDoor<A>> {
  const { config: more = '', listen = 'address: "127.0.0.1:0"' } = options;
  const folder = options.folder ?? writeFiles('');
  const places = placesOf({ root: folder });
  const configOf = (own: string) => {
    const text = `environment: qa\nrepository: {store: /nowhere}\nhostname: box1\nlisten: {${listen}}\n${own}`;
    const read = readConfig(text, places);
    if ('faults' in read) throw new Error(JSON.stringify(read.faults));
    return read.config;
  };
  const config = configOf(more);
  fs.mkdirSync(config.state, { recursive: true, mode: 0o700 });
  const agent = options.agent ?? (memoryAgent() as unknown as A);
  const log: string[] = [];
  const open = await openDoor(agent, config, {
    version: '9.9.9',
    audit: auditLog(config.state),
    log: (line) => log.push(line),
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
  });
  doors.push(open);
  const [, host = '', port] = /^https?:\/\/(.+):(\d+)$/.exec(open.addresses[0] ?? '') ?? [];
  const { state } = config;
  const { socket } = config.listen;
  let names = 0;
  return {
    agent,
    open,
    folder,
    state,
    socket,
    host,
    port: Number(port),
    log,
    token(rights) {
      const all: Rights = { scopes: ['admin'], apps: ['*'], channels: ['*'] };
      const asked = { name: `user${++names}`, expires: null, ...all, ...rights };
      return createToken(state, asked, Date.now()).text;
    },
    ask: (method, where, asked) => ask({ host, port: Number(port), socket }, method, where, asked),
    reload: (own) => open.reload(configOf(own)),
    audit: () => linesOf(path.join(state, 'audit.log')),
    refused: () => linesOf(path.join(state, 'refused.log')),
  };
}

function linesOf(file: string): Record<string, unknown>[] {
  const text = fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Sends one request and reads all of its answer. */
export function ask(
  to: { host: string; port: number; socket: string },
  method: string,
  where: string,
  { token, headers = {}, body, socket = false, tls }: AskOptions = {},
): Promise<Reply> {
  const isText = typeof body === 'string' || Buffer.isBuffer(body);
  const content = body === undefined || isText ? body : JSON.stringify(body);
  const all = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...headers,
  };
  const place = socket ? { socketPath: to.socket } : { host: to.host, port: to.port };
  const send = tls === undefined ? http.request : https.request;
  return new Promise((resolve, reject) => {
    const request = send(
      { ...place, ...tls, method, path: where, headers: all, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.on('error', reject).on('end', () => {
          const { statusCode: status = 0, headers } = response;
          const isJson = /[/+]json$/.test(headers['content-type'] ?? '') && text !== '';
          resolve({ status, headers, text, json: isJson ? JSON.parse(text) : undefined });
        });
      },
    );
    request.on('error', reject).end(content);
  });
}

/** Sends bytes as they are, and gives all that comes back until the connection ends. */
export function raw(
  { host, port }: { host: string; port: number },
  bytes: string,
  { ends = false, encoding = 'utf8' }: { ends?: boolean; encoding?: BufferEncoding } = {},
): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = net.connect({ host, port, allowHalfOpen: true });
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
    });
    socket
      .on('error', () => resolve(text))
      .on('end', () => socket.end())
      .on('close', () => resolve(text));
    if (ends) socket.end(bytes, encoding);
    else socket.write(bytes, encoding);
  });
}
