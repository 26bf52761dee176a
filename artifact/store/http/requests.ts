import { cancelled, checkCancelled, pause } from '../../cancelling.ts';
import { ArtifactError } from '../../failure.ts';

/** A web server's folder. */
export interface Site {
  /** Ends with `/`; holds no password. */
  url: string;
  headers: Record<string, string>;
  idleMs: number;
}

/** What is asked for. */
export interface Asked {
  /** Below the site's folder. */
  path: string;
  method?: 'GET' | 'HEAD';
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

const tries = 5;
const longestPauseMs = 5_000;
const passing = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Asks a web server; again, with a growing pause, where it is busy or cannot be reached: `unavailable` in the end.
 * @returns its answer where it has one of these statuses; nothing where there is no such thing (404, 410).
 */
export async function ask(site: Site, asked: Asked, good: readonly number[]): Promise<Response | undefined> {
  for (let attempt = 1; ; attempt++) {
    const answer = await askOnce(site, asked);
    if (answer instanceof Response) {
      if (good.includes(answer.status)) return answer;
      await answer.body?.cancel();
      if ([404, 410].includes(answer.status)) return undefined;
    }
    const passes = !(answer instanceof Response) || passing.has(answer.status);
    if (!passes || attempt === tries) throw failure(site, asked, answer, attempt);
    await pause(Math.min(longestPauseMs, waitOf(answer) ?? 100 * 2 ** attempt), asked.signal);
  }
}

async function askOnce(
  { url, headers, idleMs }: Site,
  { path, method = 'GET', headers: more, signal }: Asked,
): Promise<Response | Error> {
  checkCancelled(signal);
  // The limit is for the head of the answer: its bytes have their own.
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`no answer within ${idleMs / 1000} s`)), idleMs);
  const stops = signal === undefined ? [late.signal] : [signal, late.signal];
  try {
    // As it lies there: a tarball that is unpacked on the way would have another digest.
    const sent = { 'accept-encoding': 'identity', ...headers, ...more };
    return await fetch(new URL(path, url), { method, headers: sent, signal: AbortSignal.any(stops) });
  } catch (error) {
    if (signal?.aborted) throw cancelled(signal);
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    clearTimeout(timer);
  }
}

/** How long the server asks to wait, in milliseconds. */
function waitOf(answer: Response | Error): number | undefined {
  const after = answer instanceof Response ? answer.headers.get('retry-after') : null;
  const seconds = after === null ? Number.NaN : Number(after);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}

function failure(site: Site, { path }: Asked, answer: Response | Error, attempts: number): ArtifactError {
  const after = attempts === 1 ? '' : `, after ${attempts} tries`;
  const where = `reading ${site.url}${path}`;
  return new ArtifactError('unavailable', `${where}: ${reasonOf(answer)}${after}`, answer);
}

function reasonOf(answer: Response | Error): string {
  if (!(answer instanceof Response)) {
    // What went wrong with the connection is the cause of fetch's own error.
    const { cause } = answer;
    return cause instanceof Error ? `no connection (${cause.message || cause.name})` : answer.message;
  }
  const { status, statusText } = answer;
  const told = [status, statusText].filter(Boolean).join(' ');
  if (status === 401 || status === 403) {
    return `the server refuses (${told}): put user and password into the address, or ask for access`;
  }
  return `the server answered ${told}`;
}
