import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const project = path.resolve(import.meta.dirname, '../..');
const vitest = path.join(project, 'node_modules/vitest/vitest.mjs');

/** Runs the tests of what may happen to agents, with so many turns instead of the few of every day. @returns whether all of it went well. */
export async function killAgents(turns: number): Promise<boolean> {
  if (turns === 0) return true;
  console.log(`agents are killed and cut off, ${turns} times at random and at each place`);
  const child = spawn(process.execPath, [vitest, 'run', 'test/agent/deploy', 'test/agent/journal'], {
    cwd: project,
    env: { ...process.env, STRATA_KILLS: `${turns}` },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}
