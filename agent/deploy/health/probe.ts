import { execFile } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { HookUser } from '../hooks/runHook.ts';

/** What tells whether an app is healthy: an answer with a status, a port that takes connections, a command that ends with 0. */
export type HealthCheck =
  | HttpCheck
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'socket'; path: string }
  | { kind: 'command'; command: [string, ...string[]] };

/** An address, the status and a text that it must answer with: any from 200 to 399, and any text, when left out. */
interface HttpCheck {
  kind: 'http';
  url: string;
  status?: number | undefined;
  body?: string | undefined;
  /** The unix socket that is asked, in place of the address's host. */
  socket?: string | undefined;
}

/** What a command runs in. */
export interface ProbeContext {
  cwd: string;
  env: Record<string, string>;
  user: HookUser | undefined;
  signal: AbortSignal;
}

export interface Health {
  isHealthy: boolean;
  /** What was seen, for a person. */
  text: string;
}

/** A check's name as events tell it. */
export function checkName(check: HealthCheck): string {
  if (check.kind === 'http') return check.url;
  if (check.kind === 'socket') return check.path;
  return check.kind === 'tcp' ? `tcp ${check.host}:${check.port}` : check.command.join(' ');
}

/** Looks once. */
export async function probe(check: HealthCheck, timeoutMs: number, context: ProbeContext): Promise<Health> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    if (check.kind === 'http') return await probeHttp(check, signal);
    if (check.kind === 'tcp') return await probeConnection({ host: check.host, port: check.port }, signal);
    if (check.kind === 'socket') return await probeConnection({ path: check.path }, signal);
    return await probeCommand(check.command, context, signal, timeoutMs);
  } catch (error) {
    if (signal.aborted) return { isHealthy: false, text: `no answer within ${timeoutMs / 1000} s` };
    return { isHealthy: false, text: whyNot(error) };
  }
}

async function probeHttp({ url, status, body, socket }: HttpCheck, signal: AbortSignal): Promise<Health> {
  const answer = await get(url, socket, signal);
  const isStatus =
    status === undefined ? answer.status >= 200 && answer.status < 400 : answer.status === status;
  const text = `status ${answer.status}`;
  if (isStatus && body !== undefined && !answer.text.includes(body))
    return { isHealthy: false, text: `${text}, and no "${body}" in the answer` };
  return { isHealthy: isStatus, text };
}

const mostBody = 64 * 1024;

/** The status of an answer, and its beginning. Redirections are not followed. */
async function get(
  url: string,
  socketPath: string | undefined,
  signal: AbortSignal,
): Promise<{ status: number; text: string }> {
  const { request } = url.startsWith('https:') ? https : http;
  const asked = request(url, { signal, agent: false, ...(socketPath === undefined ? {} : { socketPath }) });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= mostBody) break;
  }
  return {
    status: answer.statusCode ?? 0,
    text: Buffer.concat(chunks).subarray(0, mostBody).toString('utf8'),
  };
}

function probeConnection(
  to: { host: string; port: number } | { path: string },
  signal: AbortSignal,
): Promise<Health> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ ...to, signal });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve({ isHealthy: true, text: 'it takes connections' });
    });
  });
}

function probeCommand(
  [file, ...args]: [string, ...string[]],
  { cwd, env, user }: ProbeContext,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Health> {
  const who = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  const options = { cwd, env, ...who, signal, timeout: timeoutMs, killSignal: 'SIGKILL' as const };
  return new Promise((resolve, reject) => {
    execFile(file, args, options, (error, stdout, stderr) => {
      if (signal.aborted) return reject(error);
      const text = `${stdout}${stderr}`.trim().split('\n').at(-1)?.slice(0, 500) ?? '';
      if (error === null) return resolve({ isHealthy: true, text: text || 'exit code 0' });
      const why = typeof error.code === 'number' ? `exit code ${error.code}` : whyNot(error);
      resolve({ isHealthy: false, text: text === '' ? why : `${why}: ${text}` });
    });
  });
}

function whyNot(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
