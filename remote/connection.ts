import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { Credentials } from './credentials.ts';

/** A way to an agent, which whoever asked for it destroys. */
export interface Connection {
  stream: Duplex;
  /** Until when the certificate is good, in milliseconds since 1970, where one was shown. */
  certificateEnds?: number;
}

const usualPort = 7878;

/**
 * Opens a way to an agent: TLS, plain TCP, its unix socket, or `ssh HOST strata-agent connect`. Nothing is said on it before the other side has shown that
 * it is who it should be. Throws errors whose messages are for a person.
 */
export async function connectTo(
  url: string,
  { fingerprint, certificate, onOther }: Credentials,
  signal: AbortSignal,
): Promise<Connection> {
  const { protocol, pathname, username } = new URL(url);
  if (protocol === 'unix:') {
    return { stream: await ready(net.connect({ path: decodeURIComponent(pathname) }), 'connect', signal) };
  }
  const { host, port } = hostAndPort(url);
  if (protocol === 'ssh:') return { stream: throughSsh(host, port, username, signal) };
  const place = { host, port: port ?? usualPort };
  if (protocol === 'http:') return { stream: await ready(net.connect(place), 'connect', signal) };
  // Whose certificate is known by its fingerprint needs nobody to stand for it.
  const isPinned = fingerprint !== undefined;
  const ours = certificate === undefined ? {} : { cert: certificate.text, key: certificate.key };
  const socket = tls.connect({ ...tlsPlace(url), ...ours, rejectUnauthorized: !isPinned });
  await ready(socket, 'secureConnect', signal);
  const { fingerprint256, valid_to: ends } = socket.getPeerCertificate();
  if (isPinned && fingerprint256 !== fingerprint) {
    socket.destroy();
    onOther?.(fingerprint256);
    const message = `its certificate has the fingerprint ${fingerprint256}, and ${fingerprint} is expected: somebody may be in between`;
    throw Object.assign(new Error(message), { code: 'CERT_IS_ANOTHER' });
  }
  return { stream: socket, certificateEnds: Date.parse(ends) };
}

/** Where the agent behind an `https:` address is, as `tls.connect` wants it. */
export function tlsPlace(url: string): { host: string; port: number; servername?: string } {
  const { host, port = usualPort } = hostAndPort(url);
  return { host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}) };
}

function hostAndPort(url: string): { host: string; port: number | undefined } {
  return { host: new URL(url).hostname.replace(/^\[|\]$/g, ''), port: writtenPort(url) };
}

/** A `URL` does not tell a port that is the usual one of its scheme. */
function writtenPort(url: string): number | undefined {
  const [, port] = /^[^/]*\/\/[^/?#]*:(\d{1,5})(?:[/?#]|$)/.exec(url) ?? [];
  return port === undefined ? undefined : Number(port);
}

async function ready<T extends net.Socket>(socket: T, event: string, signal: AbortSignal): Promise<T> {
  try {
    await once(socket, event, { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function throughSsh(host: string, port: number | undefined, user: string, signal: AbortSignal): Duplex {
  const target = user === '' ? host : `${decodeURIComponent(user)}@${host}`;
  const options = ['-T', '-o', 'BatchMode=yes', ...(port === undefined ? [] : ['-p', String(port)])];
  const child = spawn('ssh', [...options, '--', target, 'strata-agent', 'connect'], { signal });
  const stream = new Duplex({
    read: () => child.stdout.resume(),
    write: (bytes, _, done) => void child.stdin.write(bytes, () => done()),
    final: (done) => void child.stdin.end(() => done()),
    destroy(error, done) {
      child.kill();
      done(error);
    },
  });
  child.stdout.on('data', (bytes) => {
    if (!stream.push(bytes)) child.stdout.pause();
  });
  // That ssh no longer reads is told by its end, with the reason.
  child.stdin.on('error', () => undefined);
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told = (told + text).slice(-2000);
  });
  child.on('error', (error) => stream.destroy(error));
  child.on('close', (code) => {
    if (code === 0) stream.push(null);
    else stream.destroy(new Error(`ssh ended with ${code}: ${told.trim() || 'it said nothing'}`));
  });
  return stream;
}
