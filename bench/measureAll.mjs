import { PlainError, withProgress } from '../scripts/lib/log.mjs';

/** @typedef {import('./lsp/figures.mjs').Figure} Figure */

/**
 * Runs one scenario after the other. One that cannot be measured says why, and leaves the others theirs.
 * @template Bench
 * @param {[string, (bench: Bench) => Promise<Figure[]>][]} scenarios
 * @param {Bench} bench what the scenarios work with
 */
export async function measureAll(scenarios, bench) {
  /** @type {Figure[]} */
  const figures = [];
  let failed = false;
  for (const [name, scenario] of scenarios) {
    try {
      figures.push(...(await withProgress(name, () => scenario(bench))));
    } catch (error) {
      if (!(error instanceof PlainError)) throw error;
      failed = true;
      console.error(`  ${name}: not measured. ${error.message}`);
    }
  }
  return { figures, failed };
}
