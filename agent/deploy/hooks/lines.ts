import { StringDecoder } from 'node:string_decoder';

/** The longest piece that is handed on as one line, in UTF-16 code units. */
const longestLine = 8 * 1024;

/** Cuts bytes into lines, always in the same way, however the bytes come. */
export interface LineCutter {
  feed(bytes: Buffer): string[];
  /** What stands behind the last line break. */
  end(): string[];
}

/** Lines without their ends; one that is too long comes in pieces, and of what a carriage return covers only the last is kept. */
export function lineCutter(): LineCutter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  return {
    feed(bytes) {
      const lines = (rest + decoder.write(bytes)).split('\n');
      rest = lines.pop() ?? '';
      const shown = lines.flatMap((line) => pieces(line).map(visible));
      while (rest.length > longestLine) {
        shown.push(visible(rest.slice(0, longestLine)));
        rest = rest.slice(longestLine);
      }
      return shown;
    },
    end() {
      const last = rest + decoder.end();
      rest = '';
      return last === '' ? [] : pieces(last).map(visible);
    },
  };
}

function pieces(line: string): string[] {
  const found: string[] = [];
  let rest = line;
  for (; rest.length > longestLine; rest = rest.slice(longestLine)) found.push(rest.slice(0, longestLine));
  return [...found, rest];
}

/** What a terminal shows of a line in the end. */
function visible(line: string): string {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
  return whole.slice(whole.lastIndexOf('\r') + 1);
}
