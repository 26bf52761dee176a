// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const escaped = /[\0-\x1f\x7f-\x9f\u2028\u2029\ufeff]/;

/** Whether a text has line ends or control characters, which YAML can hold only escaped in double quotes. */
export function needsEscapes(text: string): boolean {
  return escaped.test(text);
}

/**
 * Whether a text can stand without quotes and be read as the same text, as a key or as a value that is no number,
 * boolean or null. When in doubt it cannot.
 * @param flow whether it stands between brackets or braces, where `,[]{}` end it.
 */
export function isPlainSafe(text: string, flow: boolean): boolean {
  if (text === '' || text !== text.trim() || text === '<<' || text === '=') return false;
  if (needsEscapes(text)) return false;
  if (/^[-?:,[\]{}#&*!|>'"%@`]/.test(text) || text.startsWith('...')) return false;
  if (/:\s|:$|\s#/.test(text)) return false;
  return !flow || !/[,[\]{}]|:[,[\]{}]/.test(text);
}
