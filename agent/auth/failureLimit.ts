import net from 'node:net';

/** Counts wrong tokens by the address that they come from. */
export interface FailureLimit {
  /** The milliseconds that the address has to wait; 0 where it may try. */
  wait(address: string): number;
  note(address: string): void;
}

const windowMs = 60_000;
/** More addresses than this are not remembered: the oldest are forgotten. */
const maxAddresses = 10_000;

/**
 * After so many failures in a minute an address waits until the minute is over, whatever it brings.
 * @param most is asked each time, so that a config that was reloaded counts.
 * @param now milliseconds that never go back.
 */
export function failureLimit(
  most: () => number,
  now: () => number = performance.now.bind(performance),
): FailureLimit {
  const counted = new Map<string, { since: number; failures: number }>();
  const current = (key: string) => {
    const entry = counted.get(key);
    return entry !== undefined && now() - entry.since < windowMs ? entry : undefined;
  };
  return {
    wait(address) {
      const entry = current(keyOf(address));
      return entry !== undefined && entry.failures >= most() ? windowMs - (now() - entry.since) : 0;
    },
    note(address) {
      const key = keyOf(address);
      const entry = current(key) ?? { since: now(), failures: 0 };
      counted.delete(key);
      counted.set(key, { ...entry, failures: entry.failures + 1 });
      const [oldest] = counted.keys();
      if (counted.size > maxAddresses && oldest !== undefined) counted.delete(oldest);
    },
  };
}

/** Whoever has an address of IPv6 has 2^64 of them. */
function keyOf(address: string): string {
  if (!net.isIPv6(address) || address.startsWith('::')) return address;
  const [head = '', tail] = address.split('::');
  const parts = head.split(':');
  const missing = tail === undefined ? 0 : 8 - parts.length - tail.split(':').length;
  return [...parts, ...Array<string>(Math.max(0, missing)).fill('0')].slice(0, 4).join(':');
}
