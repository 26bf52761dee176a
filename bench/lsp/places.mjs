// Where in a layer one can ask and type. Chance is the same in every run.

/** @typedef {{ line: number, character: number }} Position */

/** @typedef {ReturnType<typeof chance>} Chance */

/** Whole numbers below a limit, the same for the same seed (a linear congruence, good enough to scatter). */
export function chance(/** @type {number} */ seed) {
  let state = (seed * 2_654_435_761) % 2 ** 32;
  return (/** @type {number} */ below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/**
 * One of them, by chance.
 * @template T
 * @param {readonly T[]} all
 * @param {Chance} random
 * @returns {T}
 */
export function oneOf(all, random) {
  const one = all[random(all.length)];
  if (one === undefined) throw new Error('There is nothing to choose from.');
  return one;
}

/**
 * The middle of every key.
 * @param {readonly string[]} lines
 * @returns {Position[]}
 */
export function keys(lines) {
  return lines.flatMap((text, line) => {
    const found = /^(\s*)([\w-]+):/.exec(text);
    if (found === null) return [];
    const [, indent = '', key = ''] = found;
    return [{ line, character: indent.length + Math.floor(key.length / 2) }];
  });
}

/**
 * The start of every value that is a plain word behind its key, one that a bracket in front would break.
 * @param {readonly string[]} lines
 * @returns {Position[]}
 */
export function values(lines) {
  return lines.flatMap((text, line) => {
    const found = /^\s+[\w-]+: (?=[a-z/][\w/.-]*$)/.exec(text);
    return found === null ? [] : [{ line, character: found[0].length }];
  });
}
