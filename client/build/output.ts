import { stripVTControlCharacters } from 'node:util';

/** Takes what a build prints, in pieces as they come; tells each step that begins. */
export function stepReader(began: (step: string) => void): (text: string) => void {
  let rest = '';
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const step = stepIn(line);
      if (step !== undefined) began(step);
    }
  };
}

/** The step that a line of a build's output is the head of: `── api: test ─────`. */
function stepIn(line: string): string | undefined {
  return /^── \S+: ([a-z]+) ─+$/.exec(stripVTControlCharacters(line).trimEnd())?.[1];
}

/** Text as a terminal wants it. */
export function terminalText(text: string): string {
  return text.replaceAll(/\r?\n/g, '\r\n');
}
