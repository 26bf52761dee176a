import fs, { type FileHandle } from 'node:fs/promises';

/**
 * The text of a new journal's mark: a number, which is one more than all others, so that the clock may go back; a time for
 * people; and the start of the machine that it is being written in.
 */
export async function markText(number: number): Promise<string> {
  return `${number} ${new Date().toISOString()}\n${lineOf(await thisStart())}`;
}

/** The number of a journal, by its mark. */
export function numberOf(mark: string): number {
  return Number.parseInt(mark, 10) || 0;
}

/** Notes that this start of the machine writes from now on; whether one before it ended without closing the journal. */
export async function beginWriting(mark: FileHandle): Promise<boolean> {
  const { before, place } = await lastWriter(mark);
  const start = await thisStart();
  if (before !== start) await note(mark, start, place);
  return before !== start && before !== closed;
}

/** Notes that all that was told is on the disk. */
export async function endWriting(mark: FileHandle): Promise<void> {
  const { place } = await lastWriter(mark);
  await note(mark, closed, place);
}

const closed = 'closed';
const lineLength = 40;

async function lastWriter(mark: FileHandle): Promise<{ before: string; place: number }> {
  const bytes = Buffer.alloc(200);
  const { bytesRead } = await mark.read(bytes, 0, bytes.length, 0);
  const text = bytes.toString('latin1', 0, bytesRead);
  const place = text.indexOf('\n') + 1;
  return { before: text.slice(place).trim(), place };
}

async function note(mark: FileHandle, text: string, place: number): Promise<void> {
  await mark.write(lineOf(text), place);
  await mark.datasync();
}

function lineOf(text: string): string {
  return `${text.padEnd(lineLength)}\n`;
}

/** Names the time since the machine was started; the same each time where the system has no such name. */
async function thisStart(): Promise<string> {
  return (await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => 'unknown')).trim();
}
