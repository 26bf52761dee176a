import { type Problem, problem } from '../problem.ts';

const START = /^<{7}(?: .*)?$/;
const BASE = /^\|{7}(?: .*)?$/;
const MIDDLE = /^={7}$/;
const END = /^>{7}(?: .*)?$/;

/**
 * Takes the marks of an unresolved merge (git's conflict style, with or without the common base) out of a
 * text: the first side stays and the rest becomes blanks, so that no offset moves.
 */
export function withoutConflicts(file: string, text: string): { text: string; problems: Problem[] } {
  if (!text.includes('<<<<<<<')) return { text, problems: [] };
  const problems: Problem[] = [];
  let inside: 'none' | 'first' | 'other' = 'none';
  let next = 0;
  const lines = text.split(/(?<=\n)/).map((line) => {
    const start = next;
    next += line.length;
    const mark = line.trimEnd();
    if (inside === 'none') {
      if (!START.test(mark)) return line;
      inside = 'first';
      const range = { start, end: start + mark.length };
      problems.push(problem('yaml-syntax', { file, range }, 'unresolved merge conflict: keep one side'));
      return blank(line);
    }
    if (END.test(mark)) inside = 'none';
    else if (MIDDLE.test(mark) || BASE.test(mark)) inside = 'other';
    else if (inside === 'first') return line;
    return blank(line);
  });
  return { text: lines.join(''), problems };
}

function blank(line: string): string {
  return line.replace(/[^\r\n]/g, ' ');
}
