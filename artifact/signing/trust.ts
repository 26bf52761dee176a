import type { PublicKey } from './keys.ts';

/** Whose signature counts, for which apps and channels. */
export interface TrustedKey {
  name: string;
  key: PublicKey;
  /** Patterns of apps and channels; `*` stands for any letters. */
  app: string;
  channel: string;
}

/** Which apps on which channels need no signature, as patterns. */
export interface UnsignedRule {
  app: string;
  channel: string;
}

/** Which artifacts may be used. */
export interface Trust {
  keys: readonly TrustedKey[];
  unsigned: readonly UnsignedRule[];
  /** In milliseconds: what was made longer ago is refused. */
  maxAge?: number;
}

/** Whether a pattern, in which `*` stands for any letters, fits all of a name. */
export function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

/** Whether an artifact of the app on the channel may be used without a signature. */
export function mayBeUnsigned(trust: Trust, app: string, channel: string): boolean {
  return trust.unsigned.some((rule) => fits(rule.app, app) && fits(rule.channel, channel));
}
