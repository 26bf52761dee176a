import { type Context, contextLabel, sameContext } from '../layers/context.ts';

/**
 * The names of some contexts of an app, for a text: an environment by its own name where all of its clusters are
 * among them.
 * @param all the contexts that count, in the order to tell them in.
 */
export function contextNames(some: readonly Context[], all: readonly Context[]): string[] {
  const isIn = (of: Context) => some.some((one) => sameContext(one, of));
  const names = all.filter(isIn).map((of) => {
    const beside = all.filter((one) => one.environment === of.environment && one.mode === of.mode);
    if (beside.length < 2 || !beside.every(isIn)) return contextLabel(of);
    const { cluster: _, ...environment } = of;
    return contextLabel(environment);
  });
  return [...new Set(names)];
}

/** `a, b and 2 more`: a list of names that stays short. */
export function listText(names: readonly string[], most: number): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(', ')} and ${more} more` : names.join(', ');
}
