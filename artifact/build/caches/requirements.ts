import fs from 'node:fs';
import path from 'node:path';

/** What a virtualenv is made from. */
export interface Requirements {
  /** The texts of all files that are read, the first one first. */
  texts: string[];
  /** Whether all of it comes from elsewhere: what lies in the app's folder may change without its requirements. */
  isPortable: boolean;
}

/** Reads a list of requirements with the files that it includes (`-r`, `-c`); one that is not there is left to pip to tell. */
export function readRequirements(file: string): Requirements {
  const texts: string[] = [];
  const seen = new Set<string>();
  const open = [path.resolve(file)];
  let isPortable = true;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (seen.has(next) || !fs.existsSync(next)) continue;
    seen.add(next);
    const text = fs.readFileSync(next, 'utf8');
    texts.push(text);
    for (const line of linesOf(text)) {
      const included = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)/.exec(line)?.[1];
      if (included !== undefined && !included.includes('://')) {
        open.push(path.resolve(path.dirname(next), included));
      }
      if (/^(-e\b|--editable\b|\.|\/|file:)/.test(line) || /@\s*file:/.test(line)) isPortable = false;
    }
  }
  return { texts, isPortable };
}

/** Without comments and blank lines; a backslash at the end of a line joins it with the next. */
function linesOf(text: string): string[] {
  const lines = text.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/);
  return lines.map((line) => line.replace(/(^|\s)#.*$/, '').trim()).filter((line) => line !== '');
}
