import { type Facts, field, isMappingAt, stride } from './facts.ts';

/** Which files name which settings. */
export interface Postings {
  /** Takes in what a file names now, in place of what it named before. */
  replace(file: string, before: Facts | undefined, now: Facts | undefined): void;
  /** Whether some file names a setting. */
  isNamed(path: number): boolean;
  /** The files that name a setting. */
  naming(path: number): Iterable<string>;
  /** Whether all of them give a mapping there. */
  isMappingInAll(path: number): boolean;
}

/** Starts empty. One number a file and setting: the file's own number twice, and one more for a mapping. */
export function postings(): Postings {
  const numbers = new Map<string, number>();
  const files: string[] = [];
  const named: Named = [];
  const numberOf = (file: string): number => {
    const known = numbers.get(file);
    if (known !== undefined) return known;
    numbers.set(file, files.length);
    files.push(file);
    return files.length - 1;
  };
  return {
    replace(file, before, now) {
      if (before !== undefined && now !== undefined && nameTheSame(before, now)) return;
      const number = numberOf(file) * 2;
      if (before !== undefined) remove(named, before, number);
      if (now !== undefined) add(named, now, number);
    },
    isNamed: (path) => (named[path]?.length ?? 0) > 0,
    *naming(path) {
      for (const one of named[path] ?? []) yield files[one >> 1] ?? '';
    },
    isMappingInAll: (path) => (named[path] ?? []).every((one) => (one & 1) === 1),
  };
}

const fewFiles = 24;

type Named = (number[] | undefined)[];

function remove(named: Named, facts: Facts, number: number): void {
  for (let at = 0; at < facts.length; at += stride) {
    const path = facts[at + field.path] ?? 0;
    named[path] = named[path]?.filter((one) => one >> 1 !== number >> 1);
  }
}

function add(named: Named, facts: Facts, number: number): void {
  for (let at = 0; at < facts.length; at += stride) {
    const path = facts[at + field.path] ?? 0;
    const entry = number + (isMappingAt(facts, at) ? 1 : 0);
    const known = named[path];
    if (known === undefined) named[path] = [entry];
    // A push makes room for many more, and most settings are named by a few files only.
    else if (known.length < fewFiles) named[path] = known.concat(entry);
    else known.push(entry);
  }
}

/** Whether both name the same settings in the same order, mappings where mappings were. */
function nameTheSame(one: Facts, other: Facts): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += stride) {
    if (one[at + field.path] !== other[at + field.path]) return false;
    if (isMappingAt(one, at) !== isMappingAt(other, at)) return false;
  }
  return true;
}
