import type { Range } from '../text/range.ts';

/** A name that code gives a configuration, and the part of it that the name stands for. */
export interface CodeRoot {
  name: string;
  /** The path of that part; empty for the whole. */
  section: readonly string[];
}

/** One step into a configuration: `.host`, `?.host`, `['host']` or `.get('host')`. */
interface Access {
  /** More than one for a dotted key: `get('db.host')`. */
  keys: string[];
  /** Where the last of the keys stands. */
  range: Range;
  /** The offset at which the next step begins; `undefined` where there can be none. */
  next: number | undefined;
}

/**
 * Where a source text of Python or JavaScript names a setting: `config.db.host`, `config['db']["host"]`,
 * `conf?.db.get('host')`, each with the last key as its range. What looks like that counts, in comments too;
 * names of configurations are compared without regard to case.
 */
export function codeUses(text: string, path: readonly string[], roots: readonly CodeRoot[]): Range[] {
  if (roots.length === 0 || !text.includes(path.at(-1) ?? '')) return [];
  const names = roots.map(({ name }) => name.replace(/[^\w]/g, '\\$&')).join('|');
  const found: Range[] = [];
  for (const match of text.matchAll(new RegExp(`(?<![\\w$])(?:${names})(?![\\w$])`, 'gi'))) {
    const end = match.index + match[0].length;
    const range = roots
      .filter(({ name }) => name.toLowerCase() === match[0].toLowerCase())
      .map(({ section }) => useAt(text, end, path, section))
      .find((one) => one !== undefined);
    if (range) found.push(range);
  }
  return found;
}

function useAt(
  text: string,
  start: number,
  path: readonly string[],
  section: readonly string[],
): Range | undefined {
  if (section.some((key, index) => path[index] !== key)) return undefined;
  let rest = path.slice(section.length);
  let at: number | undefined = start;
  while (at !== undefined) {
    const access = accessAt(text, at);
    if (access === undefined || access.keys.some((key, index) => key !== rest[index])) return undefined;
    rest = rest.slice(access.keys.length);
    if (rest.length === 0) return access.range;
    at = access.next;
  }
  return undefined;
}

function accessAt(text: string, at: number): Access | undefined {
  const got = /\s*[?!]?\.get\(\s*(?=["'])/y;
  const index = /!?(?:\?\.)?\[\s*(?=["'`])/y;
  const member = /\s*[?!]?\.\s*(?=[\p{L}_$])/uy;
  const atGet = endOf(got, text, at);
  if (atGet !== undefined) return quoted(text, atGet, /\s*(?:,[^()\r\n]*)?\)/y);
  const atIndex = endOf(index, text, at);
  if (atIndex !== undefined) return quoted(text, atIndex, /\s*\]/y);
  const start = endOf(member, text, at);
  if (start === undefined) return undefined;
  const end = endOf(/[\p{L}\p{N}_$]+/uy, text, start) ?? start;
  return { keys: [text.slice(start, end)], range: { start, end }, next: end };
}

/** A key in quotes, with what has to follow it before another step can. */
function quoted(text: string, at: number, closing: RegExp): Access | undefined {
  const end = endOf(/(["'`])(?:(?!\1)[^\\\r\n])*\1/y, text, at);
  if (end === undefined) return undefined;
  const keys = text.slice(at + 1, end - 1).split('.');
  const start = end - 1 - (keys.at(-1) ?? '').length;
  return { keys, range: { start, end: end - 1 }, next: endOf(closing, text, end) };
}

/** Where the match of a sticky pattern ends; `undefined` when it does not match there. */
function endOf(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
