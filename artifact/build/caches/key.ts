import { createHash } from 'node:crypto';

/** So many hexadecimal digits of a hash: a name in a repository has at most 64 characters. */
const digits = 20;

/**
 * The name of an artifact that holds what can be made again from some texts:
 * `virtualenv-3.11-linux-x86_64-0123456789abcdef0123.tar.gz`.
 * @param parts what it depends on that people want to see in its name.
 * @param texts all else that it depends on.
 */
export function cacheName(kind: string, parts: readonly string[], texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of [...parts, ...texts]) hash.update(`${Buffer.byteLength(text)}:`).update(text);
  const shown = parts.map((part) => part.replace(/[^A-Za-z0-9._]+/g, '_').slice(0, 14));
  return `${[kind, ...shown, hash.digest('hex').slice(0, digits)].join('-')}.tar.gz`;
}
