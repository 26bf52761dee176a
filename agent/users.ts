import fs from 'node:fs';
import { AgentError } from './failure.ts';

/** The numbers of a user and of its own group; `invalid` where there is none of the name. */
export function userNumbers(name: string): { uid: number; gid: number } {
  const [, , uid, gid] = entryOf('/etc/passwd', name) ?? [];
  if (uid === undefined || gid === undefined)
    throw new AgentError('invalid', `there is no user ${name} here`);
  return { uid: Number(uid), gid: Number(gid) };
}

/** The number of a group; `invalid` where there is none of the name. */
export function groupNumber(name: string): number {
  const gid = entryOf('/etc/group', name)?.[2];
  if (gid === undefined) throw new AgentError('invalid', `there is no group ${name} here`);
  return Number(gid);
}

function entryOf(file: string, name: string): string[] | undefined {
  const lines = fs.readFileSync(file, 'utf8').split('\n');
  return lines.map((line) => line.split(':')).find(([first]) => first === name);
}
