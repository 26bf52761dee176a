import path from 'node:path';
import type { ListenSettings } from './config.ts';
import { asText, type Mapping } from './plain.ts';

/** Reads the key `listen`. */
export function readListen(
  value: Mapping,
  { folder, state, socket }: { folder: string; state: string; socket: string },
): ListenSettings {
  const at = (text: string | undefined, otherwise: string) =>
    text === undefined ? otherwise : path.resolve(folder, text);
  const address = readAddress(asText(value.address));
  const clients = asText(value.clientCertificates);
  const files = {
    certificate: at(asText(value.certificate), path.join(state, 'tls', 'certificate.pem')),
    key: at(asText(value.key), path.join(state, 'tls', 'key.pem')),
    clientCertificates: clients === undefined ? undefined : path.resolve(folder, clients),
  };
  const { socketGroup } = value;
  const isGroup = typeof socketGroup === 'string' || typeof socketGroup === 'number';
  return {
    socket: at(asText(value.socket), socket),
    socketGroup: isGroup ? socketGroup : undefined,
    address,
    tls: address !== undefined && wantsTls(value, address.host) ? files : undefined,
  };
}

/** What others can reach is served with TLS; what only this box can, where it is asked for. */
function wantsTls({ tls, certificate, clientCertificates }: Mapping, host: string): boolean {
  if (typeof tls === 'boolean') return tls;
  return !isLoopback(host) || certificate !== undefined || clientCertificates !== undefined;
}

/** Whether an address can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** `HOST:PORT` or `[IPV6]:PORT`; `undefined` where it is none. */
export function readAddress(text: string | undefined): { host: string; port: number } | undefined {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text ?? '') ?? [];
  if (host === undefined || Number(port) > 65_535) return undefined;
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) };
}
