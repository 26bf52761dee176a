import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Rights } from './scopes.ts';

/** A token as it is kept: what it may do, and never the token itself. Times are in milliseconds since 1970. */
export interface Token extends Rights {
  id: string;
  /** Whose it is, as the audit log names them. A name may have several tokens, so that one can follow another. */
  name: string;
  /** SHA-256 of the secret part, in hex: the part is random and long, so nothing slower is needed. */
  hash: string;
  created: number;
  /** `null`: never. */
  expires: number | null;
  revoked: number | null;
}

/** A token's text: `strata_ID_SECRET`. The id tells which one it is, the secret that it is it. */
const form = /^strata_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** The longest text that can be a token. */
const length = 'strata_'.length + 16 + 1 + 43;

/** Makes the text of a new token, and what is kept of it. */
export function newSecret(): { id: string; text: string; hash: string } {
  const id = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { id, text: `strata_${id}_${secret}`, hash: hashOf(secret) };
}

/** The id and the secret of a token's text; `undefined` where it is none. */
export function readTokenText(text: string): { id: string; secret: string } | undefined {
  const [, id, secret] = text.length === length ? (form.exec(text) ?? []) : [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** Whether the secret is that of a token, in a time that does not tell how much of it is right. */
export function isSecretOf(token: Token, secret: string): boolean {
  return timingSafeEqual(Buffer.from(hashOf(secret), 'hex'), Buffer.from(token.hash, 'hex'));
}

/** A text in which no token can be used: people put them into addresses, and under names. */
export function hideTokens(text: string): string {
  return text.replace(/(strata_[0-9a-f]{16}_)[A-Za-z0-9_-]{43}/g, '$1***');
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function isToken(value: unknown): value is Token {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, hash, scopes, apps, channels, created, expires, revoked } = value as Partial<Token>;
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    typeof hash === 'string' &&
    /^[0-9a-f]{64}$/.test(hash) &&
    [scopes, apps, channels].every(isTexts) &&
    typeof created === 'number' &&
    [expires, revoked].every((time) => time === null || typeof time === 'number')
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
