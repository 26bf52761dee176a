import { stripVTControlCharacters } from 'node:util';

/** A problem that a build tells of. */
export interface ToldProblem {
  /** The file as it is written: relative to the folder that paths are shown from. */
  file: string;
  /** Counted from 1. */
  line: number;
  code: string;
}

/** The problem that a line of a build's output tells of, as the problem matcher `$strata` reads it. */
export function problemIn(line: string): ToldProblem | undefined {
  const text = stripVTControlCharacters(line).trimEnd();
  const [, file, at, code] = /^(\S.*?):(\d+):\d+: (?:error|warning) ([a-z-]+): /.exec(text) ?? [];
  return file === undefined || code === undefined ? undefined : { file, line: Number(at), code };
}

/**
 * Takes a build's output, in pieces as they come, and hands it on by whole lines. A problem that is shown already gets a blank before it:
 * people read it as before, and the problem matcher, for which it would be one more, passes over it.
 */
export function knownAside(
  isShown: (problem: ToldProblem) => boolean,
  write: (text: string) => void,
): { text(piece: string): void; end(): void } {
  let rest = '';
  const asideOr = (line: string) => {
    const problem = problemIn(line);
    return problem !== undefined && isShown(problem) ? ` ${line}` : line;
  };
  return {
    text(piece) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) write(lines.map((line) => `${asideOr(line)}\n`).join(''));
    },
    end() {
      if (rest !== '') write(asideOr(rest));
      rest = '';
    },
  };
}
