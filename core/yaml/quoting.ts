/**
 * Whether a text can stand without quotes and be read as the same text, as a key or as a value that is no number,
 * boolean or null. When in doubt it cannot.
 * @param flow whether it stands between brackets or braces, where `,[]{}` end it.
 */
export function isPlainSafe(text: string, flow: boolean): boolean {
  if (text === '' || text !== text.trim() || text === '<<' || text === '=') return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]/.test(text)) return false;
  if (/^[-?:,[\]{}#&*!|>'"%@`]/.test(text) || text.startsWith('...')) return false;
  if (/:\s|:$|\s#/.test(text)) return false;
  return !flow || !/[,[\]{}]|:[,[\]{}]/.test(text);
}
