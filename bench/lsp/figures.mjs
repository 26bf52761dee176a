// What the scenarios give, and how several runs become one figure.
import { spread } from '../processes.mjs';

/** @typedef {import('../processes.mjs').Spread} Spread */

/**
 * @typedef {object} Figure one row of the report
 * @property {string} what
 * @property {'times' | 'ms' | 'MB' | 'calls'} unit of the figure: a ratio, or what was measured itself
 * @property {number} target the most that it should be
 * @property {string} peer what Strata stands against; empty where there is nothing
 * @property {Spread} figure
 * @property {Spread} strata
 * @property {Spread} [other] the peer's
 * @property {'ms' | 'MB' | 'calls'} measured the unit of these two
 */

/** The value below which this part of all values lies: 0.5 gives the median. */
export function percentile(/** @type {readonly number[]} */ all, /** @type {number} */ part) {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * Strata against a peer: each run gives one ratio.
 * @param {{ what: string, peer: string, target: number }} row
 * @param {readonly { strata: number, other: number }[]} runs
 * @returns {Figure}
 */
export function ratioFigure(row, runs) {
  return {
    ...row,
    unit: 'times',
    measured: 'ms',
    figure: spread(runs.map(({ strata, other }) => strata / other)),
    strata: spread(runs.map(({ strata }) => strata)),
    other: spread(runs.map(({ other }) => other)),
  };
}

/**
 * What Strata needs, as it is; a peer may stand beside it.
 * @param {{ what: string, peer: string, target: number }} row
 * @param {'ms' | 'MB' | 'calls'} unit
 * @param {readonly { strata: number, other?: number }[]} runs
 * @returns {Figure}
 */
export function plainFigure(row, unit, runs) {
  const strata = spread(runs.map((run) => run.strata));
  const others = runs.flatMap(({ other }) => (other === undefined ? [] : [other]));
  const beside = others.length > 0 ? { other: spread(others) } : {};
  return { ...row, unit, measured: unit, figure: strata, strata, ...beside };
}
