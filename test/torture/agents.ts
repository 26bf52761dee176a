import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const project = path.resolve(import.meta.dirname, '../..');
const vitest = path.join(project, 'node_modules/vitest/vitest.mjs');

/** Tests of agents whose counts are small in CI: each count is a variable of the environment and a switch of the same name. */
interface LongRun {
  name: string;
  /** The counts of a long run, by the names of their switches. */
  counts: Readonly<Record<string, number>>;
  files: readonly string[];
}

const deploy = 'test/agent/deploy';

const longRuns: readonly LongRun[] = [
  { name: 'kills', counts: { kills: 200 }, files: [`${deploy}/killed.test.ts`] },
  { name: 'torn journals', counts: { tears: 1 }, files: [`${deploy}/damaged.test.ts`] },
  { name: 'killed writers', counts: { writers: 500 }, files: ['test/agent/journal/killed.test.ts'] },
  { name: 'faults of the disk', counts: { faults: 1 }, files: [`${deploy}/faults.test.ts`] },
  { name: 'stores that are cut off', counts: { 'store-cuts': 200 }, files: [`${deploy}/store.test.ts`] },
  { name: 'streams', counts: { lines: 100_000, cuts: 1000 }, files: ['test/remote/stream.test.ts'] },
  { name: 'rollouts', counts: { rollouts: 300 }, files: ['test/remote/rollout.test.ts'] },
  { name: 'a fleet', counts: { agents: 50 }, files: ['test/cli/deploy/many.test.ts'] },
  { name: 'entries of an archive', counts: { entries: 1_000_000 }, files: [`${deploy}/archives.test.ts`] },
  { name: 'requests', counts: { 'fuzz-requests': 100_000 }, files: ['test/agent/http/fuzz.test.ts'] },
  { name: 'leaks', counts: { leaks: 1000 }, files: ['test/agent/plan/leaks.test.ts'] },
];

/** The switches of the long runs of agents, with their counts. */
export const agentSwitches: Readonly<Record<string, number>> = Object.assign(
  {},
  ...longRuns.map(({ counts }) => counts),
);

/** How a long run ended. */
interface Ended {
  name: string;
  counts: string;
  isFine: boolean;
  seconds: number;
}

/**
 * Runs what is tested of agents with these counts; where one is 0, its run is left out. All are run, whatever one of them finds.
 * @param only the names of counts whose runs are wanted; all when left out.
 * @returns whether all went well.
 */
export async function tortureAgents(
  counts: Readonly<Record<string, number>>,
  only: readonly string[] | undefined,
  seed: number,
): Promise<boolean> {
  const chosen = longRuns.filter((run) => {
    const names = Object.keys(run.counts);
    const isWanted = only === undefined || names.some((name) => only.includes(name));
    return isWanted && names.every((name) => (counts[name] ?? 0) > 0);
  });
  const ended: Ended[] = [];
  for (const run of chosen) ended.push(await runLong(run, counts, seed));
  for (const { name, counts: said, isFine, seconds } of ended)
    console.log(`${isFine ? 'well  ' : 'FAILED'} ${name.padEnd(24)} ${said.padEnd(28)} ${seconds} s`);
  return ended.every(({ isFine }) => isFine);
}

async function runLong(
  { name, counts: usual, files }: LongRun,
  counts: Readonly<Record<string, number>>,
  seed: number,
): Promise<Ended> {
  const names = Object.keys(usual);
  const env = Object.fromEntries(names.map((one) => [variableOf(one), `${counts[one]}`]));
  const said = names.map((one) => `--${one} ${counts[one]}`).join(' ');
  console.log(`\n${name}: ${said} --seed ${seed}`);
  const started = performance.now();
  const child = spawn(process.execPath, [vitest, 'run', ...files], {
    cwd: project,
    env: { ...process.env, STRATA_SEED: `${seed}`, ...env },
    stdio: 'inherit',
  });
  const [code] = await once(child, 'close');
  const seconds = Math.round((performance.now() - started) / 1000);
  return { name, counts: said, isFine: code === 0, seconds };
}

function variableOf(name: string): string {
  return `STRATA_${name.toUpperCase().replaceAll('-', '_')}`;
}
