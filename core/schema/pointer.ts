/** The parts of a JSON Pointer (RFC 6901), as it stands behind a `#`: `/a~1b/%20` has the parts `a/b` and a space. */
export function pointerParts(pointer: string): string[] {
  const parts = decoded(pointer).split('/').slice(1);
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** A text without its percent signs; one that is not encoded well stays as it is. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
