import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** The longest piece that is handed on as one line, in UTF-16 code units. */
const longestLine = 8 * 1024;

/**
 * Reads a stream as lines of text, in little memory: a line that is too long comes in pieces. It reads on when the handler is
 * done, so that a reader who is slow slows the writer down. What a carriage return would have covered on a terminal
 * is left out.
 * @param onLines takes the lines that came at once.
 */
export async function eachLine(
  stream: Readable,
  onBytes: (bytes: Buffer) => void,
  onLines: (lines: string[]) => void | Promise<void>,
): Promise<void> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const bytes of stream as AsyncIterable<Buffer>) {
    onBytes(bytes);
    const lines = (rest + decoder.write(bytes)).split('\n');
    rest = lines.pop() ?? '';
    const shown = lines.flatMap((line) => pieces(visible(line)));
    const whole = rest.length - (rest.length % longestLine);
    if (whole > 0) shown.push(...pieces(rest.slice(0, whole)));
    rest = rest.slice(whole);
    if (shown.length > 0) await onLines(shown);
  }
  const end = rest + decoder.end();
  if (end !== '') await onLines(pieces(visible(end)));
}

function pieces(line: string): string[] {
  if (line.length <= longestLine) return [line];
  const count = Math.ceil(line.length / longestLine);
  return Array.from({ length: count }, (_, at) => line.slice(at * longestLine, (at + 1) * longestLine));
}

/** What a terminal shows of a line in the end. */
function visible(line: string): string {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
  return whole.slice(whole.lastIndexOf('\r') + 1);
}
