// The result of a run of the suite, as its entry point wrote it.
import { existsSync, readFileSync } from 'node:fs';

/** @typedef {{ title: string, state: 'passed' | 'failed' | 'skipped', reason?: string }} Outcome */

/**
 * Shows the outcome of every test, and says whether the run was a success.
 * VS Code's own exit code is not enough: a suite that ends its process early leaves one that says success.
 * @param {string} file
 * @param {number} exitCode
 */
export function showResult(file, exitCode) {
  if (!existsSync(file)) {
    console.log(`VS Code ended with ${exitCode}, and the suite wrote no result.`);
    return false;
  }
  /** @type {{ tests: Outcome[] }} */
  const { tests } = JSON.parse(readFileSync(file, 'utf8'));
  const marks = { passed: '✓', failed: '✗', skipped: '-' };
  for (const { title, state, reason } of tests)
    console.log(`  ${marks[state]} ${title}${reason ? `: ${reason}` : ''}`);
  const count = (/** @type {string} */ wanted) => tests.filter(({ state }) => state === wanted).length;
  console.log(`  ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`);
  return exitCode === 0 && count('failed') === 0 && count('passed') > 0;
}
