import type { Range } from '../../core/text/range.ts';

/** A private key is secret as a whole. */
const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/;

/** A URL with a password in it, which may hold an `@` itself. */
const urlPassword = /[a-z][a-z0-9+.-]*:\/\/[^\s/?#:@]*:([^\s/?#]+)@/gi;

/** What is secret in a text whatever its setting is called: private keys, and passwords in URLs. In order; none overlaps another. */
export function secretParts(text: string): Range[] {
  if (privateKey.test(text)) return [{ start: 0, end: text.length }];
  return [...text.matchAll(urlPassword)].map(({ index, 0: url, 1: password = '' }) => {
    const end = index + url.length - 1;
    return { start: end - password.length, end };
  });
}
