// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not reach a terminal
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of others as a terminal may show it: without what would move its cursor, colour it or turn it around. */
export function plainText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(controls, '\ufffd');
}

/** As {@link plainText}, on one line. */
export function plainLine(text: string): string {
  return plainText(text).replace(/[\n\t]/g, ' ');
}
