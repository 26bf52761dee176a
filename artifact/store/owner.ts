import fs from 'node:fs';
import os from 'node:os';

/** Which process something belongs to. */
export interface Owner {
  /** The machine as it was started, and the process numbers that count on it. */
  host: string;
  pid: number;
  /** When the process began, since numbers are used again; empty where the system does not tell. */
  began: string;
}

/** This process. */
export function thisOwner(): Owner {
  return processOwner(process.pid);
}

/** A process of this machine that runs. */
export function processOwner(pid: number): Owner {
  return { host: thisHost(), pid, began: beginning(pid) ?? '' };
}

/** Whether a process of this machine has ended; `undefined` of other machines, where nobody can tell. */
export function hasEnded(owner: Owner): boolean | undefined {
  if (owner.host !== thisHost()) return undefined;
  if (!isRunning(owner.pid)) return true;
  const began = beginning(owner.pid);
  return owner.began !== '' && began !== owner.began;
}

// Two containers may share a name and a directory, but not the numbers of their processes.
function thisHost(): string {
  const boot = fromProc(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8));
  const numbers = fromProc(() => fs.readlinkSync('/proc/self/ns/pid').replace(/\D/g, ''));
  const name = os.hostname().replace(/[^A-Za-z0-9.-]/g, '');
  return [name, boot, numbers].filter(Boolean).join('~');
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The time of a process's start in ticks, or that it is a zombie: that one does nothing any more. */
function beginning(pid: number): string | undefined {
  const stat = fromProc(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The fields follow a name that may hold anything.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields?.[0] === 'Z' ? 'zombie' : fields?.[19];
}

function fromProc(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
