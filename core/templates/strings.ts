import { identifier, mappingMethods } from './words.ts';

/** A text in quotes, as it stands in a template. */
export interface QuotedText {
  end: number;
  /** Its closing quote is there. */
  closed: boolean;
}

const oneLine = {
  "'": /'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'/y,
  '"': /"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"/y,
} as const;

/** Texts of several lines end at the latest where the next `{{`, `{%` or `{#` begins: the quote was forgotten. */
const severalLines = {
  "'": /'(?:[^'\\{]|\\[\s\S]|\{(?![{%#]))*'/y,
  '"': /"(?:[^"\\{]|\\[\s\S]|\{(?![{%#]))*"/y,
} as const;

/**
 * Finds the end of a quoted text. One that is not closed ends before the `}}` or `%}` of its line, else at the end
 * of the line.
 * @param limit where reading must end.
 */
export function readQuoted(text: string, start: number, limit: number): QuotedText {
  const quote = text[start] === '"' ? '"' : "'";
  const end = endOf(oneLine[quote], text, start) ?? endBelow(text, start, limit, quote);
  if (end !== undefined && end <= limit) return { end, closed: true };
  const rest = text.slice(start + 1, Math.min(limit, lineEnd(text, start)));
  const stop = rest.search(/\s*[-+]?[}%]\}/);
  return { end: start + 1 + (stop === -1 ? rest.length : stop), closed: false };
}

/** The end of a text of several lines. Where its first line has an end of a block, the quote was forgotten. */
function endBelow(text: string, start: number, limit: number, quote: '"' | "'"): number | undefined {
  const isForgotten = limit < text.length || /[}%]\}/.test(text.slice(start, lineEnd(text, start)));
  return isForgotten ? undefined : endOf(severalLines[quote], text, start);
}

function endOf(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** The end of the line that the offset is in, without its line end. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  const end = feed === -1 ? text.length : feed;
  return end > offset && text[end - 1] === '\r' ? end - 1 : end;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\n': '' };

/** What a quoted text stands for. @param inner the text between its quotes. */
export function unescaped(inner: string): string {
  return inner.replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g, (whole, byte, unit, char) => {
    const code = byte ?? unit;
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    return escapes[char] ?? (/[\\'"]/.test(char) ? char : whole);
  });
}

/** A text as it is written between the quotes. */
export function escapedFor(quote: string, value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
}

/** Whether `.name` reaches the setting: it is an identifier, and Python's mappings have no method that is called so. */
export function canFollowDot(name: string): boolean {
  return identifier.test(name) && !mappingMethods.has(name);
}
