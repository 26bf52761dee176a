import fs from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { addSummaries, noTests, readJunit, type TestSummary } from './junit.ts';

const defaultPatterns: readonly string[] = ['**/reports/*.xml'];

/** Folders that hold the work of others, with reports of their own perhaps. */
const foreign: ReadonlySet<string> = new Set(['node_modules', 'virtualenv', '.git', '.strata', '.venv']);

/** The largest report that is read, in bytes: the parser needs some ten times as much memory. */
const mostBytes = 50 * 1024 * 1024;

/** What tells one state of a file from another. */
type Stamps = ReadonlyMap<string, string>;

export interface Reports {
  summary: TestSummary;
  files: number;
  /** What is wrong with reports, in words. */
  notes: string[];
}

/** Watches for the reports of tests: those that were there before count only if they are written again. */
export function watchReports(folder: string, patterns: readonly string[] = defaultPatterns): () => Reports {
  const wanted = ignore().add([...patterns]);
  const before = stampsOf(folder, wanted);
  return () => {
    const now = stampsOf(folder, wanted);
    const fresh = [...now.keys()].filter((file) => before.get(file) !== now.get(file)).sort();
    return fresh.reduce((sum, file) => addReport(sum, folder, file), {
      summary: noTests,
      files: 0,
      notes: [],
    } as Reports);
  };
}

function addReport({ summary, files, notes }: Reports, folder: string, file: string): Reports {
  const note = (text: string) => ({ summary, files, notes: [...notes, `the report ${file} ${text}`] });
  try {
    const { size } = fs.statSync(path.join(folder, file));
    if (size > mostBytes) return note('is too large to be read: it does not count');
    const report = readJunit(fs.readFileSync(path.join(folder, file), 'utf8'));
    if (report === undefined) return note('is no JUnit report that can be read: it does not count');
    return { summary: addSummaries(summary, report), files: files + 1, notes };
  } catch (error) {
    return note(`cannot be read: ${(error as Error).message}`);
  }
}

function stampsOf(folder: string, wanted: Ignore): Stamps {
  const stamps = new Map<string, string>();
  for (const name of filesIn(folder)) {
    if (!wanted.ignores(name)) continue;
    const stat = fs.statSync(path.join(folder, name), { bigint: true, throwIfNoEntry: false });
    if (stat) stamps.set(name, `${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`);
  }
  return stamps;
}

function* filesIn(folder: string): Generator<string> {
  const open = [''];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    for (const entry of entriesIn(path.join(folder, below))) {
      const name = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isFile()) yield name;
      else if (entry.isDirectory() && !foreign.has(entry.name)) open.push(name);
    }
  }
}

function entriesIn(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
