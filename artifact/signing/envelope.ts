import { isSignedBy, type PublicKey, type SigningKey, signBytes } from './keys.ts';
import { isObject, type Manifest, manifestBytes, manifestType, parsed, readManifest } from './manifest.ts';

/** A manifest as it was kept, with who says to have signed it. */
export interface Envelope {
  manifest: Manifest;
  /** What the signatures are of. */
  signed: Buffer;
  signatures: readonly { keyid: string; sig: Buffer }[];
}

/**
 * A manifest with its signature as a text, in the form of DSSE (github.com/secure-systems-lab/dsse); without a key it has no signature.
 */
export function sealManifest(manifest: Manifest, key: SigningKey | undefined): string {
  const payload = manifestBytes(manifest);
  const signatures =
    key === undefined
      ? []
      : [{ keyid: key.public.id, sig: signBytes(key, signedBytes(payload)).toString('base64') }];
  const envelope = { payloadType: manifestType, payload: payload.toString('base64'), signatures };
  return `${JSON.stringify(envelope, null, 2)}\n`;
}

/** Reads what {@link sealManifest} wrote, signatures unchecked; nothing where it is something else. */
export function openEnvelope(text: string): Envelope | undefined {
  const value = parsed(text);
  if (!isObject(value) || value.payloadType !== manifestType) return undefined;
  if (typeof value.payload !== 'string' || !Array.isArray(value.signatures)) return undefined;
  const payload = Buffer.from(value.payload, 'base64');
  const manifest = readManifest(payload);
  if (manifest === undefined) return undefined;
  const signatures = value.signatures.flatMap((one: unknown) =>
    isObject(one) && typeof one.keyid === 'string' && typeof one.sig === 'string'
      ? [{ keyid: one.keyid, sig: Buffer.from(one.sig, 'base64') }]
      : [],
  );
  return { manifest, signed: signedBytes(payload), signatures };
}

/** Whether the key's signature on an envelope is right; nothing where it has none of this key. */
export function signatureOf(envelope: Envelope, key: PublicKey): boolean | undefined {
  const own = envelope.signatures.filter((one) => one.keyid === key.id);
  if (own.length === 0) return undefined;
  return own.some(({ sig }) => isSignedBy(key, envelope.signed, sig));
}

/** The bytes that a signature of DSSE is of. */
function signedBytes(payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(manifestType)} ${manifestType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
