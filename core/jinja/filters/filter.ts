import { fail } from '../failure.ts';
import { type Bound, type Signature, signature } from '../python/arguments.ts';
import { toCount, truth } from '../python/iterate.ts';
import type { Budget } from '../run/budget.ts';
import { type Arguments, as, type Value } from '../value.ts';

/** What filters and tests may use. */
export interface Services {
  budget: Budget;
  filter(name: Value, value: Value, given: Arguments): Value;
  test(name: Value, value: Value, given: Arguments): boolean;
}

/** A filter: its first parameter is what is filtered. */
export interface Filter {
  signature: Signature;
  /** It takes any arguments: they are not bound. */
  open?: (value: Value, given: Arguments, services: Services) => Value;
  call(given: Bound, services: Services): Value;
}

export type Filters = Readonly<Record<string, Filter>>;

export function filter(parameters: string, call: Filter['call']): Filter {
  return { signature: signature(parameters), call };
}

/** A filter that takes any arguments. */
export function openFilter(open: NonNullable<Filter['open']>): Filter {
  return { signature: signature(''), open, call: () => null };
}

export function flag(value: Value | undefined): boolean {
  return value !== undefined && truth(value);
}

export function countOr(value: Value | undefined, otherwise: number): number {
  return value === undefined ? otherwise : toCount(value);
}

/** A text that was given as an argument. */
export function textOr(value: Value | undefined, otherwise: string): string {
  if (value === undefined) return otherwise;
  return typeof value === 'string' ? value : (as('markup', value)?.text ?? fail('expected a text'));
}
