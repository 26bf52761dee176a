import fs from 'node:fs';
import { promisify } from 'node:util';

/** A new file that is being written. */
export interface NewFile {
  handle: number;
  /** In seconds since 1970. */
  mtime: number;
  /** Its mode, where the one that it was made with is not exact. */
  mode: number | undefined;
  /** Where the next bytes go. */
  at: number;
  /** How many writes are under way, and whether no more will come. */
  pending: number;
  isWhole: boolean;
}

/** Writes files: small parts at once, larger ones on threads, while the next bytes are looked at. */
export interface FileWriter {
  /** The bytes must stay as they are until {@link settled}. */
  write(file: NewFile, bytes: Buffer): void;
  /** No more bytes will come: it is dated and closed once it is written. */
  end(file: NewFile): void;
  /** Waits while too much is under way, or for all of it. Throws the system's errors. */
  settled(all: boolean): Promise<void>;
}

/** Below, a thread costs more than it saves. */
const largeBytes = 4 * 1024;
/** So much may be under way. */
const mostPending = 16 * 1024 * 1024;

interface Writing {
  pendingBytes: number;
  fault: unknown;
  /** Told whenever a write has ended. */
  tell: () => void;
}

export function fileWriter(): FileWriter {
  const writing: Writing = { pendingBytes: 0, fault: undefined, tell: () => {} };
  return {
    write(file, bytes) {
      const { at } = file;
      file.at += bytes.length;
      if (bytes.length < largeBytes) writeAll(file.handle, bytes, at);
      else void writeLater(writing, file, bytes, at);
    },
    end(file) {
      file.isWhole = true;
      if (file.pending === 0) close(file);
    },
    async settled(all) {
      while (writing.pendingBytes > (all ? 0 : mostPending)) {
        await new Promise<void>((resolve) => {
          writing.tell = resolve;
        });
      }
      if (writing.fault !== undefined) throw writing.fault;
    },
  };
}

function writeAll(handle: number, bytes: Buffer, at: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += fs.writeSync(handle, bytes, done, bytes.length - done, at + done);
  }
}

/** Never fails: what went wrong is kept for who waits. */
async function writeLater(writing: Writing, file: NewFile, bytes: Buffer, at: number): Promise<void> {
  file.pending++;
  writing.pendingBytes += bytes.length;
  try {
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await write(file.handle, bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  } catch (error) {
    writing.fault ??= error;
  }
  file.pending--;
  writing.pendingBytes -= bytes.length;
  try {
    if (file.isWhole && file.pending === 0) close(file);
  } catch (error) {
    writing.fault ??= error;
  }
  writing.tell();
}

const write = promisify(fs.write);

/** Dates it last: each write does, too. */
function close({ handle, mtime, mode }: NewFile): void {
  try {
    if (mode !== undefined) fs.fchmodSync(handle, mode);
    fs.futimesSync(handle, mtime, mtime);
  } finally {
    fs.closeSync(handle);
  }
}
