import type { TrustSettings } from '../../core/workspace/artifactSettings.ts';
import { duration } from '../duration.ts';
import { readPublicKey } from './keys.ts';
import type { Trust, TrustedKey, UnsignedRule } from './trust.ts';

/** Whom to trust by what a manifest says and by the keys that the user trusts; `invalid` where the manifest has no key, or no time. */
export function trustFrom(settings: TrustSettings | undefined, users: readonly TrustedKey[]): Trust {
  const named = (settings?.keys ?? []).map((one) => ({ ...one, key: readPublicKey(one.key) }));
  const maxAge = settings?.maxAge;
  return {
    keys: [...named, ...users],
    unsigned: (settings?.unsigned ?? []).map(unsignedRule),
    ...(maxAge === undefined ? {} : { maxAge: duration('artifacts.trust.maxAge', maxAge) }),
  };
}

function unsignedRule(pattern: string): UnsignedRule {
  const [app = '', channel = '*'] = pattern.split('/');
  return { app, channel };
}
