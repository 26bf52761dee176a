import { InvalidArgumentError } from 'commander';
import { duration } from '../../artifact/duration.ts';
import { ArtifactError } from '../../artifact/failure.ts';
import { type Scope, scopes } from '../auth/scopes.ts';

/** Gathers the values of an option that is given several times; what was there by default does not count then. */
export function several<T>(read: (text: string) => T): (text: string, before: T[] | undefined) => T[] {
  const given: T[] = [];
  return (text) => {
    given.push(read(text));
    return given;
  };
}

export function readScope(text: string): Scope {
  const scope = scopes.find((one) => one === text);
  if (scope === undefined) throw new InvalidArgumentError(`It is one of ${scopes.join(', ')}.`);
  return scope;
}

/** A pattern of names; `*` stands for any letters. */
export function readPattern(text: string): string {
  if (/^[A-Za-z0-9._*-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('It has letters, digits, `.`, `_`, `-`, and `*` for any of them.');
}

/** Milliseconds of a time like `90d`; or `never`. */
export function readExpiry(text: string): number | 'never' {
  if (text === 'never') return text;
  try {
    const time = duration('--expires', text);
    if (time > 0) return time;
    throw new InvalidArgumentError('A token that is over at once is none: write 12h, 90d or never.');
  } catch (error) {
    if (error instanceof ArtifactError) throw new InvalidArgumentError('Write 12h, 90d or never.');
    throw error;
  }
}

export function readDays(text: string): number {
  const days = Number(text);
  if (/^\d{1,5}$/.test(text) && days > 0) return days;
  throw new InvalidArgumentError('It is a number of days, 1 or more.');
}
