import path from 'node:path';
import { AgentError } from '../failure.ts';

/** Says when the journal was made and who wrote to it last (`mark.ts`); whoever writes to the journal holds a lock on it. */
export const markName = 'journal';
/** What is left of segments whose lines are gone: states, ends and gaps. */
export const keptName = 'kept.log';

const segmentName = /^(\d{12})\.log$/;
const deploymentName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Where the journals of a box lie, one folder each. */
export function journalsFolder(state: string): string {
  return path.join(state, 'deployments');
}

/** The folder of one journal; `invalid` for what cannot be the name of a deployment. */
export function journalFolder(state: string, deployment: string): string {
  if (isDeploymentName(deployment)) return path.join(journalsFolder(state), deployment);
  throw new AgentError('invalid', `${JSON.stringify(deployment)} cannot be the name of a deployment`);
}

export function isDeploymentName(name: string): boolean {
  return deploymentName.test(name);
}

/** The file of the events from a number on. */
export function segmentFile(folder: string, first: number): string {
  return path.join(folder, `${String(first).padStart(12, '0')}.log`);
}

/** The numbers that the segments in a folder begin with, in order. */
export function segmentNumbers(names: readonly string[]): number[] {
  return names
    .flatMap((name) => segmentName.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
