import { once } from 'node:events';
import tls from 'node:tls';
import { tlsPlace } from './connection.ts';
import { wayError } from './failure.ts';

/** What an agent shows of itself before anything is said to it. */
export interface ShownCertificate {
  /** SHA-256, in hexadecimal capitals with `:`. */
  fingerprint: string;
  /** Why nobody stands for it, as a code; `undefined` where a CA of the system does. */
  doubt: string | undefined;
  /** Until when it is good, in milliseconds since 1970. */
  ends: number;
}

/**
 * Looks at the certificate of the agent behind an `https:` address, and says nothing to it. Throws a `RemoteError`, or the signal's reason.
 */
export async function shownCertificate(
  { name, url }: { name: string; url: string },
  signal: AbortSignal,
): Promise<ShownCertificate> {
  const late = AbortSignal.timeout(mostMs);
  const socket = tls.connect({ ...tlsPlace(url), rejectUnauthorized: false });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.any([signal, late]) });
    const { fingerprint256, valid_to: ends } = socket.getPeerCertificate();
    const { authorized: isAuthorized, authorizationError } = socket;
    const doubt = isAuthorized ? undefined : String(authorizationError);
    return { fingerprint: fingerprint256, doubt, ends: Date.parse(ends) };
  } catch (error) {
    signal.throwIfAborted();
    throw wayError(name, late.aborted ? new Error(`no answer within ${mostMs / 1000} s`) : error, false);
  } finally {
    // What goes wrong from here on is nobody's error.
    socket.on('error', () => undefined).destroy();
  }
}

/** How long an agent has to show its certificate. */
const mostMs = 10_000;
