import path from 'node:path';
import type { DeploymentResult } from '../../protocol/deployment.ts';
import { removeTree } from '../releases/staging.ts';
import { downloads, enter, hooksFolder, note, staged, type Work } from './work.ts';

/** Ends a deployment: tells it, and takes away what it needed. Never throws. */
export async function finish(work: Work, result: DeploymentResult, reason?: string): Promise<void> {
  const told = reason === undefined ? {} : { reason };
  try {
    if (work.record.state !== result) await enter(work, result, reason);
    await work.journal.append({ type: 'end', result, ...told });
    await keep(work, result);
  } catch (error) {
    // The record stays as it is: the next life of the agent ends the deployment once more, for all to see.
    note(
      work,
      result,
      `${reason ?? result} (and the journal cannot be written: ${(error as Error).message})`,
    );
    work.record.result = result;
  }
  await cleanUp(work, result);
}

async function keep({ record, box, journal }: Work, result: DeploymentResult): Promise<void> {
  record.result = result;
  record.lastEvent = journal.last;
  await box.records.save(record).catch(() => undefined);
}

/** What cannot be taken away is swept when the agent starts. An archive that came in parts stays for the next try. */
async function cleanUp(work: Work, result: DeploymentResult): Promise<void> {
  const folders = [path.dirname(staged(work)), hooksFolder(work)];
  if (result === 'done') folders.push(downloads(work));
  await Promise.all(folders.map((one) => removeTree(one).catch(() => undefined)));
}
