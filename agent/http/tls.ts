import { createPrivateKey, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import type { SecureContextOptions, TlsOptions } from 'node:tls';
import type { TlsFiles } from '../config/config.ts';
import { AgentError } from '../failure.ts';

/** What a server is given for TLS. */
export type TlsTexts = Required<Pick<SecureContextOptions, 'cert' | 'key' | 'minVersion'>> &
  Pick<SecureContextOptions, 'ca'> &
  Pick<TlsOptions, 'requestCert' | 'rejectUnauthorized'>;

/** Reads key and certificates; `invalid` where one is not there, not what it should be, or they do not belong together. */
export function readTls({ certificate, key, clientCertificates }: TlsFiles): TlsTexts {
  const texts = { cert: textOf(certificate), key: textOf(key), minVersion: 'TLSv1.2' as const };
  checkPair(texts, { certificate, key });
  if (clientCertificates === undefined) return texts;
  const ca = textOf(clientCertificates);
  certificateOf(ca, clientCertificates);
  return { ...texts, ca, requestCert: true, rejectUnauthorized: true };
}

/** The certificate of a file, to be shown. */
export function readCertificate(file: string): X509Certificate {
  return certificateOf(textOf(file), file);
}

function checkPair(texts: { cert: string; key: string }, files: { certificate: string; key: string }): void {
  const certificate = certificateOf(texts.cert, files.certificate);
  let isPair: boolean;
  try {
    isPair = certificate.checkPrivateKey(createPrivateKey(texts.key));
  } catch (error) {
    throw new AgentError('invalid', `${files.key} holds no private key without a password`, { cause: error });
  }
  if (isPair) return;
  throw new AgentError('invalid', `the key ${files.key} does not belong to ${files.certificate}`);
}

function certificateOf(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw new AgentError('invalid', `${file} holds no certificate`, { cause: error });
  }
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? 'it is not there: `strata-agent init` makes it' : (error as Error).message;
    throw new AgentError('invalid', `${file} cannot be read: ${why}`, { cause: error });
  }
}
