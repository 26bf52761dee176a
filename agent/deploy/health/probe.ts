import { execFile } from 'node:child_process';
import net from 'node:net';
import type { HookUser } from '../hooks/runHook.ts';

/** What tells whether an app is healthy: an answer with a status, a port that takes connections, a command that ends with 0. */
export type HealthCheck =
  | { kind: 'http'; url: string; status?: number | undefined }
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'command'; command: [string, ...string[]] };

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
  return check.kind === 'tcp' ? `tcp ${check.host}:${check.port}` : check.command.join(' ');
}

/** Looks once. */
export async function probe(check: HealthCheck, timeoutMs: number, context: ProbeContext): Promise<Health> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    if (check.kind === 'http') return await probeHttp(check, signal);
    if (check.kind === 'tcp') return await probeTcp(check, signal);
    return await probeCommand(check.command, context, signal, timeoutMs);
  } catch (error) {
    if (signal.aborted) return { isHealthy: false, text: `no answer within ${timeoutMs / 1000} s` };
    return { isHealthy: false, text: whyNot(error) };
  }
}

async function probeHttp(
  { url, status }: { url: string; status?: number | undefined },
  signal: AbortSignal,
): Promise<Health> {
  const answer = await fetch(url, { signal, redirect: 'manual' });
  await answer.body?.cancel();
  const isHealthy =
    status === undefined ? answer.status >= 200 && answer.status < 400 : answer.status === status;
  return { isHealthy, text: `status ${answer.status}` };
}

function probeTcp({ host, port }: { host: string; port: number }, signal: AbortSignal): Promise<Health> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port, signal });
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
