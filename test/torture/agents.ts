import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/** Tests whose counts are small in CI, with those of a long run, by the variables of the environment that they read. */
const longRuns: readonly { file: string; env: Readonly<Record<string, string>> }[] = [
  { file: 'test/remote/stream.test.ts', env: { STRATA_LINES: '100000', STRATA_CUTS: '1000' } },
];

/** Runs what is tested of agents with its full counts, unless the environment says others; whether all went well. */
export async function tortureAgents(seed: number): Promise<boolean> {
  let isFine = true;
  for (const { file, env } of longRuns) {
    const all = { STRATA_SEED: String(seed), ...env, ...process.env };
    const shown = Object.keys(env).map((name) => `${name}=${all[name as keyof typeof all]}`);
    console.log(`${file}: ${shown.join(' ')} STRATA_SEED=${all.STRATA_SEED}`);
    const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', file], { cwd: root, env: all, stdio: 'inherit' });
    const [code] = await once(child, 'close');
    isFine &&= code === 0;
  }
  return isFine;
}
