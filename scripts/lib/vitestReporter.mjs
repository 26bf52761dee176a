// A vitest reporter that writes what `npm test` counts: every test's outcome, and errors outside of tests.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** @typedef {{ title: string, state: 'passed' | 'failed' | 'skipped', reason?: string }} Outcome */

/** Writes to the file named by STRATA_TEST_RESULT; the format is that of the extension host's suite. */
export default class OutcomeReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<{ message?: string }>} errors
   */
  onTestRunEnd(modules, errors) {
    const file = process.env.STRATA_TEST_RESULT;
    if (!file) return;
    const tests = modules.flatMap((module) => [...outcomesOf(module)]);
    tests.push(...errors.map(({ message }) => failure('an error outside of the tests', message)));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify({ tests }));
  }
}

/**
 * @param {import('vitest/node').TestModule} module
 * @returns {Generator<Outcome>}
 */
function* outcomesOf(module) {
  for (const error of module.errors()) yield failure(module.relativeModuleId, error.message);
  for (const test of module.children.allTests()) {
    const title = `${module.relativeModuleId}: ${test.fullName}`;
    const result = test.result();
    if (result.state === 'passed') yield { title, state: 'passed' };
    else if (result.state === 'skipped')
      yield { title, state: 'skipped', reason: result.note ?? 'no reason given' };
    // A test that is still pending now was interrupted.
    else yield failure(title, result.errors?.[0]?.message ?? 'it did not end');
  }
}

/**
 * @param {string} title
 * @param {string | undefined} reason
 * @returns {Outcome}
 */
function failure(title, reason = '') {
  return { title, state: 'failed', reason };
}
