import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { ArtifactError } from '../failure.ts';

/** An Ed25519 key to check signatures with. */
export interface PublicKey {
  /** The first 16 hexadecimal digits of the SHA-256 of its 32 bytes. */
  id: string;
  /** `ed25519:` and its 32 bytes in base64: how it is written down. */
  text: string;
  object: KeyObject;
}

/** An Ed25519 key to sign with. */
export interface SigningKey {
  name: string;
  public: PublicKey;
  object: KeyObject;
}

/** Makes a key from the system's randomness. */
export function makeSigningKey(name: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { name, public: publicKeyOf(publicKey), object: privateKey };
}

/** A private key as PEM (PKCS#8), which OpenSSL reads. */
export function signingKeyPem(key: SigningKey): string {
  return String(key.object.export({ type: 'pkcs8', format: 'pem' }));
}

/** Reads a private key from PEM; `invalid` where it is none, or of another kind. */
export function readSigningKey(name: string, pem: string): SigningKey {
  const object = keyFrom(() => createPrivateKey(pem), `the private key ${name}`);
  return { name, public: publicKeyOf(createPublicKey(object)), object };
}

const prefix = 'ed25519:';
/** What stands before the 32 bytes of an Ed25519 key in DER (RFC 8410). */
const derHead = Buffer.from('302a300506032b6570032100', 'hex');

/** Reads a public key: `ed25519:BASE64`, or PEM; `invalid` where it is neither. */
export function readPublicKey(text: string): PublicKey {
  const trimmed = text.trim();
  // What is no public key may be a private one, which nobody is to see.
  const what = trimmed.startsWith(prefix) ? `the public key ${trimmed.slice(0, 80)}` : 'this as a public key';
  if (trimmed.startsWith('-----BEGIN PUBLIC KEY-----')) {
    return publicKeyOf(keyFrom(() => createPublicKey(trimmed), what));
  }
  const bytes = Buffer.from(trimmed.slice(prefix.length), 'base64');
  if (!trimmed.startsWith(prefix) || bytes.length !== 32) throw notAKey(what);
  const der = Buffer.concat([derHead, bytes]);
  return publicKeyOf(keyFrom(() => createPublicKey({ key: der, format: 'der', type: 'spki' }), what));
}

/** The signature of some bytes. */
export function signBytes(key: SigningKey, bytes: Uint8Array): Buffer {
  return sign(null, bytes, key.object);
}

/** Whether the key made the signature of the bytes. */
export function isSignedBy(key: PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, bytes, key.object, signature);
}

function publicKeyOf(object: KeyObject): PublicKey {
  const bytes = object.export({ type: 'spki', format: 'der' }).subarray(derHead.length);
  const id = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  return { id, text: prefix + bytes.toString('base64'), object };
}

function keyFrom(make: () => KeyObject, what: string): KeyObject {
  let key: KeyObject;
  try {
    key = make();
  } catch (error) {
    throw notAKey(what, error);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw notAKey(what);
  return key;
}

function notAKey(what: string, cause?: unknown): ArtifactError {
  return new ArtifactError(
    'invalid',
    `cannot read ${what}: an Ed25519 key is needed (\`ed25519:…\`, or PEM)`,
    cause,
  );
}
