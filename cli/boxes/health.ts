import { once } from 'node:events';
import http from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { isObject, parsed } from '../../artifact/signing/manifest.ts';
import type { Box } from '../../core/workspace/boxSettings.ts';
import { connectTo } from '../../remote/connection.ts';
import type { Credentials } from '../../remote/credentials.ts';

/** How a box is. What is not known is `null`. */
export interface Health {
  box: string;
  /** The agent's version. */
  version: string | null;
  /** How far the box's clock is before ours, in milliseconds; it is told by the second where the agent says no more. */
  skewMs: number | null;
  /** How long the answer took, in milliseconds. */
  tookMs: number | null;
  /** Until when the certificate is good, in milliseconds since 1970. */
  certificateEnds: number | null;
  /** What is wrong, in words. */
  faults: string[];
}

/** From so much on, signatures and tokens that expire are judged at the wrong time. */
const mostSkewMs = 30_000;
const dayMs = 86_400_000;
/** So long before its end a certificate is to be renewed. */
const certificateDays = 14;

/** Asks the agent of a box how it is. Never throws: what goes wrong is a fault of the box. */
export async function healthOf(
  box: Box,
  credentials: Credentials,
  options: { timeoutMs: number; signal: AbortSignal },
): Promise<Health> {
  const health: Health = {
    ...{ box: box.name, version: null, skewMs: null, tookMs: null, certificateEnds: null },
    faults: [],
  };
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
  try {
    const { stream, certificateEnds } = await connectTo(box.url, credentials, signal);
    health.certificateEnds = certificateEnds ?? null;
    await ask(health, box, stream, credentials, signal);
  } catch (error) {
    health.faults.push(faultText(error, options));
  }
  health.faults.push(...timeFaults(health));
  return health;
}

async function ask(
  health: Health,
  box: Box,
  stream: Duplex,
  { token }: Credentials,
  signal: AbortSignal,
): Promise<void> {
  const stop = () => stream.destroy(signal.reason);
  signal.addEventListener('abort', stop);
  const started = Date.now();
  try {
    const { status, date, body } = await answer(stream, token);
    const ended = Date.now();
    health.tookMs = ended - started;
    const said = parsed(body);
    const { version, time, environment, cluster } = isObject(said) ? said : {};
    health.version = typeof version === 'string' ? version.slice(0, 100) : null;
    const theirs = typeof time === 'number' ? time : date;
    if (theirs !== undefined) health.skewMs = skew(theirs, started, ended, typeof time !== 'number');
    health.faults.push(...statusFaults(status, token, health.version !== null));
    health.faults.push(...placeFaults(box, { environment, cluster }));
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

const mostBytes = 1024 * 1024;

async function answer(
  stream: Duplex,
  token: string | undefined,
): Promise<{ status: number; date: number | undefined; body: string }> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const request = http.request({
    createConnection: () => stream,
    path: '/v1/health',
    headers: { host: 'agent', accept: 'application/json', connection: 'close', ...authorization },
  });
  request.end();
  const [response]: http.IncomingMessage[] = await once(request, 'response');
  if (response === undefined) throw new Error('no answer');
  let bytes = 0;
  response.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > mostBytes) response.destroy(new Error('the answer is no answer of an agent: it is too long'));
  });
  const body = await text(response);
  const date = Date.parse(response.headers.date ?? '');
  return { status: response.statusCode ?? 0, date: Number.isNaN(date) ? undefined : date, body };
}

/** The clock of the box before ours; nothing is told that lies in how exactly it can be known. */
function skew(theirs: number, started: number, ended: number, byTheSecond: boolean): number {
  const latest = theirs + (byTheSecond ? 999 : 0);
  if (latest < started) return latest - started;
  return theirs > ended ? theirs - ended : 0;
}

/** @param isKnown whether the agent said what it is: to strangers it only says that it lives. */
function statusFaults(status: number, token: string | undefined, isKnown: boolean): string[] {
  const isStranger = status === 401 || (status === 200 && !isKnown);
  if (status === 200 && isKnown) return [];
  if (isStranger && token === undefined) {
    return ['it wants a token: set STRATA_TOKEN, or write it into the file of credentials'];
  }
  if (isStranger) return ['it does not take the token: it is wrong, expired or revoked'];
  if (status === 403) return ['the token may not do this'];
  if (status === 503) return ['it takes no work now (503)'];
  return [`it answered with ${status}`];
}

/** A box that is not what the manifest says would be given another one's releases and configuration. */
function placeFaults(
  box: Box,
  { environment, cluster }: { environment: unknown; cluster: unknown },
): string[] {
  if (typeof environment !== 'string') return [];
  const theirs = typeof cluster === 'string' ? `${environment}/${cluster}` : environment;
  const ours = box.cluster === undefined ? box.environment : `${box.environment}/${box.cluster}`;
  return theirs === ours ? [] : [`it is in ${theirs.slice(0, 100)}, and the manifest says ${ours}`];
}

function timeFaults({ skewMs, certificateEnds }: Health): string[] {
  const faults: string[] = [];
  if (skewMs !== null && Math.abs(skewMs) > mostSkewMs) {
    faults.push(
      `its clock is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'before' : 'behind'} ours`,
    );
  }
  if (certificateEnds !== null) {
    const days = Math.floor((certificateEnds - Date.now()) / dayMs);
    if (days < 0) faults.push('its certificate has expired');
    else if (days < certificateDays) faults.push(`its certificate expires in ${days} days: renew it`);
  }
  return faults;
}

const wordsOf: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: is the agent running?',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'there is no way to the host',
  ECONNRESET: 'the connection was broken off',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'nobody stands for its certificate: write the fingerprint that strata-agent init printed into the file of credentials',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

function faultText(
  error: unknown,
  { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal },
): string {
  const { code = '', message, cause } = error as NodeJS.ErrnoException;
  const inner = cause instanceof Error ? cause.name : '';
  if (signal.aborted) return 'it was not waited for';
  if ([inner, (error as Error).name].includes('TimeoutError'))
    return `no answer within ${timeoutMs / 1000} s`;
  return wordsOf[code] ?? (message || code);
}
