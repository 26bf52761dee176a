import type { Readable } from 'node:stream';
import type { Journal } from '../journal/journal.ts';
import type { Mask } from './mask.ts';
import { outputLines } from './outputLines.ts';

/** Where the lines of an output go. */
export interface OutputPlace {
  journal: Journal;
  mask: Mask;
  stage: string;
  stream: 'stdout' | 'stderr';
}

/** How many lines may be on their way to the disk: a hook that is faster waits. */
const mostOnTheWay = 2000;

/**
 * Puts what a hook prints into the journal, line by line, secrets hidden; resolves when all of it is on the disk. A line
 * `::add-mask::VALUE` hides a value from now on. The hook is slowed down only where the disk is slower than it, and never by
 * who reads the journal.
 *
 * A line that could not be written is lost; the rest is read all the same, so that the hook can go on, and then the first
 * failure is thrown.
 */
export async function journalOutput(
  output: Readable,
  { journal, mask, stage, stream }: OutputPlace,
): Promise<void> {
  const lines = outputLines(mask, { mayAddSecrets: true });
  const onTheWay = new Set<Promise<unknown>>();
  let failure: unknown;
  const put = (text: string) => {
    const work = journal
      .append({ type: 'log', stage, stream, text })
      .catch((error) => {
        failure ??= error;
      })
      .finally(() => onTheWay.delete(work));
    onTheWay.add(work);
  };
  for await (const bytes of output as AsyncIterable<Buffer>) {
    lines.push(bytes).forEach(put);
    if (onTheWay.size >= mostOnTheWay) await Promise.all(onTheWay);
  }
  lines.end().forEach(put);
  await Promise.all(onTheWay);
  if (failure !== undefined) throw failure;
}
