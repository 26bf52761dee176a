/**
 * What is rare in configuration and where two parsers may not agree: tabs, control characters and line ends of other
 * systems, directives and document marks, explicit keys.
 */
const unusual =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /[\0-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff]|\r(?!\n)|^%|^---|^\.\.\.|(?:^|[\s[{,:-])\?(?:\s|$)|<<<<<<</m;

/** Whether a text has something that the fast reader leaves to the other parser. */
export function isUnusual(text: string): boolean {
  return unusual.test(text);
}
