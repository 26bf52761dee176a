// The suite's entry point, called by VS Code inside the extension host.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/**
 * What became of one test; the runner and `npm test` read these from the result file.
 * Mocha keeps no reason for a skipped test: its title has to tell.
 */
interface Outcome {
  title: string;
  state: 'passed' | 'failed' | 'skipped';
  reason?: string;
}

const TEST_LIMIT_MS = 30_000;

/** Runs every test file next to this one; fails when a test fails, or when there is none. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: TEST_LIMIT_MS });
  if (process.env.STRATA_TEST_GREP) mocha.fgrep(process.env.STRATA_TEST_GREP);
  for (const name of readdirSync(__dirname).sort()) {
    if (name.endsWith('.test.cjs')) mocha.addFile(join(__dirname, name));
  }
  const tests = await outcomes(mocha);
  // Written before this function ends, since VS Code ends this process then.
  if (process.env.STRATA_TEST_RESULT)
    writeFileSync(process.env.STRATA_TEST_RESULT, JSON.stringify({ tests }));
  const failed = tests.filter(({ state }) => state === 'failed').length;
  if (failed > 0 || tests.length === 0) throw new Error(`${failed} of ${tests.length} tests failed`);
}

async function outcomes(mocha: Mocha): Promise<Outcome[]> {
  const all: Outcome[] = [];
  await new Promise<void>((done) => {
    const runner = mocha.run(() => done());
    runner.on('pass', (test) => all.push({ title: test.fullTitle(), state: 'passed' }));
    runner.on('pending', (test) => all.push({ title: test.fullTitle(), state: 'skipped' }));
    runner.on('fail', (test, error) => {
      all.push({ title: test.fullTitle(), state: 'failed', reason: error.stack ?? String(error) });
    });
  });
  return all;
}
