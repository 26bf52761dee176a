import fs from 'node:fs/promises';
import path from 'node:path';
import { hideTokens } from './token.ts';

/** What somebody did, or tried to do. */
export interface AuditEntry {
  /** Ties the lines of one request together. */
  request: string;
  /** `asked`: it may be done, and is about to be; `answered`: how it went; `turned away`: who it is, or that they may, was not shown; `dropped`:
   * a webhook will not get a report. */
  what: 'asked' | 'answered' | 'turned away' | 'dropped';
  who: string | null;
  token: string | null;
  from: string;
  method: string;
  path: string;
  status?: number;
  code?: string;
  deployment?: string;
  /** What was asked for. */
  body?: unknown;
}

/**
 * Who did what: a JSON object a line, in `audit.log` of the state folder; and who was turned away in `refused.log`, so that whoever knocks
 * often enough cannot push out what was done.
 */
export interface AuditLog {
  /** The line is on the disk when this resolves. */
  write(entry: AuditEntry): Promise<void>;
  close(): Promise<void>;
}

const maxBytes = 10_000_000;
const kept = 5;

/** Opens the audit log of a box; a file that has become large makes room for a new one, and five old ones are kept. */
export function auditLog(state: string, most: number = maxBytes): AuditLog {
  const done = logFile(path.join(state, 'audit.log'), most);
  const refused = logFile(path.join(state, 'refused.log'), most);
  return {
    write(entry) {
      const line = hideTokens(JSON.stringify({ time: new Date().toISOString(), ...entry }));
      return (entry.what === 'turned away' ? refused : done).write(`${line}\n`);
    },
    close: () => Promise.all([done.end(), refused.end()]).then(() => undefined),
  };
}

/** A file whose lines are written one after the other. */
function logFile(file: string, most: number): { write(line: string): Promise<void>; end(): Promise<void> } {
  let turn: Promise<void> = Promise.resolve();
  return {
    write(line) {
      const written = turn.then(() => append(file, line, most));
      turn = written.catch(() => {});
      return written;
    },
    end: () => turn,
  };
}

async function append(file: string, line: string, most: number): Promise<void> {
  await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const handle = await fs.open(file, 'a', 0o600);
  let { size } = await handle.stat();
  try {
    await handle.appendFile(line);
    await handle.datasync();
    size += Buffer.byteLength(line);
  } catch (error) {
    // The next line must not stand behind half of this one.
    await handle.truncate(size).catch(() => {});
    throw error;
  } finally {
    await handle.close();
  }
  if (size >= most) await rotate(file);
}

async function rotate(file: string): Promise<void> {
  for (let age = kept - 1; age >= 0; age--) {
    const from = age === 0 ? file : `${file}.${age}`;
    await fs.rename(from, `${file}.${age + 1}`).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}
