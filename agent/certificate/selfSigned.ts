import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import net from 'node:net';
import {
  bits,
  boolean,
  type Der,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octets,
  sequence,
  set,
  text,
  time,
} from './der.ts';

/** A key and its certificate, as PEM. */
export interface KeyPair {
  key: string;
  certificate: string;
}

const ids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  otherNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  extendedKeyUsage: '2.5.29.37',
  server: '1.3.6.1.5.5.7.3.1',
  client: '1.3.6.1.5.5.7.3.2',
} as const;

const dayMs = 24 * 3600_000;

/**
 * Makes a key on the curve P-256 and a certificate that it signs itself (RFC 5280), for a server and for a client alike. Node reads
 * certificates and writes none, and a box need not have the command `openssl`: the bytes are few enough to be written here.
 * @param names host names and addresses of the box; the first is what it is called.
 */
export function selfSigned(names: readonly [string, ...string[]], days: number, now: number): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicDer = publicKey.export({ type: 'spki', format: 'der' });
  const algorithm = sequence(objectIdentifier(ids.ecdsaWithSha256));
  const name = sequence(set(sequence(objectIdentifier(ids.commonName), text(names[0].slice(0, 64)))));
  const signed = sequence(
    explicit(0, integer(2n)),
    integer(BigInt(`0x${randomBytes(16).toString('hex')}`)),
    algorithm,
    name,
    // Clocks differ: it counts from yesterday on.
    sequence(time(new Date(now - dayMs)), time(new Date(now + days * dayMs))),
    name,
    publicDer,
    explicit(3, extensions(names, publicDer)),
  );
  const whole = sequence(signed, algorithm, bits(sign('sha256', signed, privateKey)));
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem(whole),
  };
}

function extensions(names: readonly string[], publicDer: Buffer): Der {
  const digitalSignature = bits(Buffer.from([0x80]), 7);
  const uses = sequence(objectIdentifier(ids.server), objectIdentifier(ids.client));
  return sequence(
    extension(ids.basicConstraints, sequence(), true),
    extension(ids.keyUsage, digitalSignature, true),
    extension(ids.extendedKeyUsage, uses),
    extension(ids.subjectKey, octets(createHash('sha1').update(publicDer).digest())),
    extension(ids.otherNames, sequence(...names.map(generalName))),
  );
}

function extension(id: string, value: Der, isCritical = false): Der {
  return sequence(objectIdentifier(id), ...(isCritical ? [boolean(true)] : []), octets(value));
}

function generalName(name: string): Der {
  if (net.isIP(name) === 0) return implicit(2, Buffer.from(name, 'ascii'));
  return implicit(7, addressBytes(name));
}

function addressBytes(address: string): Buffer {
  if (net.isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (part: string) => part.split(':').filter((group) => group !== '');
  const behind = groups(tail ?? '');
  const between = Array<string>(8 - groups(head).length - behind.length).fill('0');
  const all = [...groups(head), ...between, ...behind].map((group) => group.padStart(4, '0'));
  return Buffer.from(all.join(''), 'hex');
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
