import type { Range } from '../../text/range.ts';

/** The offset of the line's end, before its line break. */
export function lineEnd(text: string, from: number): number {
  const found = text.indexOf('\n', from);
  const end = found === -1 ? text.length : found;
  return end > from && text[end - 1] === '\r' ? end - 1 : end;
}

/** The first offset that holds no space or tab. */
export function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

/** Behind the closing quote; `undefined` where it is not closed before `end`. */
export function endOfQuoted(text: string, start: number, end: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < end; at++) {
    if (text[at] === '\\' && quote === '"') at++;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== "'") return at + 1;
      at++;
    }
  }
  return undefined;
}

/** The end of a key, or of what may become one, without the blanks behind it. */
export function endOfToken(text: string, start: number, end: number, flow: boolean): number {
  if (text[start] === '"' || text[start] === "'") {
    const close = endOfQuoted(text, start, end);
    if (close !== undefined) return close;
  }
  const stop = flow ? /[,[\]{}]|:(?=[\s,[\]{}]|$)|\s#/ : /:(?=\s|$)|\s#/;
  const found = text.slice(start, end).search(stop);
  const whole = found === -1 ? text.slice(start, end) : text.slice(start, start + found);
  return start + whole.trimEnd().length;
}

/** A key without its quotes. */
export function rawName(text: string, { start, end }: Range): string {
  const raw = text.slice(start, end);
  const [quote = ''] = raw;
  if (quote !== '"' && quote !== "'") return raw;
  const inner = raw.length > 1 && raw.endsWith(quote) ? raw.slice(1, -1) : raw.slice(1);
  return quote === "'" ? inner.replaceAll("''", "'") : inner.replace(/\\(["\\/])/g, '$1');
}
