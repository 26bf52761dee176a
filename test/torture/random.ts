/** Numbers that look random and are the same for the same seeds, so that what failed can be done again. */
export interface Random {
  /** A whole number from 0 up to and without another. */
  below(end: number): number;
  /** True about so often, from 0 to 1. */
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** `undefined` for an empty list. */
  pickOf<T>(items: readonly T[]): T | undefined;
}

/** Numbers for some seeds, each a whole number; the order of the seeds counts. */
export function randomFrom(...seeds: readonly number[]): Random {
  let state = seeds.reduce((mixed, seed) => scramble(mixed ^ seed) + 0x9e3779b9, 1);
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    return scramble(state) >>> 0;
  };
  const below = (end: number) => next() % end;
  return {
    below,
    chance: (probability) => next() < probability * 2 ** 32,
    pick: (items) => items[below(items.length)] ?? items[0],
    pickOf: (items) => (items.length === 0 ? undefined : items[below(items.length)]),
  };
}

/** Spreads every bit of a number over all of its 32. */
function scramble(number: number): number {
  let mixed = number | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}
