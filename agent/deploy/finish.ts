import path from 'node:path';
import type { DeploymentResult } from '../../protocol/deployment.ts';
import { removeTree } from '../releases/staging.ts';
import { removeHookFolder } from './hooks/outputFolder.ts';
import {
  archiveFile,
  downloads,
  enterAnyhow,
  hooksFolder,
  note,
  staged,
  stepsFolder,
  tellOthers,
  type Work,
  withReserve,
} from './work.ts';

/**
 * Ends a deployment: takes away what it needed, gives the app free, and tells it: whoever hears of the end can deploy anew. Never
 * throws.
 */
export async function finish(work: Work, result: DeploymentResult, reason?: string): Promise<void> {
  const { record, journal, box } = work;
  await clear(path.dirname(staged(work)));
  // One that never had the app to itself fetched nothing: what lies there is another's. An archive that came in parts stays for the next try.
  if (record.swing !== null) await clear(result === 'done' ? downloads(work) : archiveFile(work));
  try {
    if (record.state !== result) await enterAnyhow(work, result, reason);
    await removeHookFolder(hooksFolder(work)).catch(() => undefined);
    await clear(stepsFolder(work));
    record.result = result;
    await tellOthers(work, 'end');
    await work.free();
    const end = { type: 'end', result, ...(reason === undefined ? {} : { reason }) } as const;
    await withReserve(box, () => journal.append(end));
    record.lastEvent = journal.last;
    await withReserve(box, () => box.records.save(record));
  } catch (error) {
    // What is kept stays as it is: the next life of the agent ends the deployment once more, for all to see.
    note(work, result, `${reason ?? result} (and this cannot be kept: ${(error as Error).message})`);
    record.result = result;
    await work.free();
  }
}

/** What cannot be taken away is swept when the agent starts. */
async function clear(folder: string): Promise<void> {
  await removeTree(folder).catch(() => undefined);
}
