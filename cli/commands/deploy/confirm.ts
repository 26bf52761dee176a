import readline from 'node:readline/promises';
import type { Workspace } from '../../../core/workspace/workspace.ts';
import { RefusedError } from '../../failure.ts';

/** What is about to be done. */
export interface Question {
  text: string;
  environment: string;
  workspace: Workspace;
}

/** Asks whether to go on; for a protected environment its name must be typed. Throws where nobody says yes. */
export async function confirm(
  { text, environment, workspace }: Question,
  isSaid: boolean,
  signal: AbortSignal,
): Promise<void> {
  if (isSaid) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new RefusedError(`${text} There is no terminal to ask on: give --yes where that is meant`);
  }
  const isProtected = workspace.environments.find((one) => one.name === environment)?.isProtected === true;
  const how = isProtected ? `Type ${environment} to go on: ` : '[y/N] ';
  const asking = readline.createInterface({ input: process.stdin, output: process.stderr });
  try {
    // Ctrl+C is for whoever watches for it, not for the line that is typed.
    asking.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const ended = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
    const answer = (await Promise.race([asking.question(`${text} ${how}`, { signal }), ended])).trim();
    const isYes = isProtected ? answer === environment : /^y(es)?$/i.test(answer);
    if (!isYes) throw new RefusedError('nothing was done');
  } finally {
    asking.close();
  }
}
