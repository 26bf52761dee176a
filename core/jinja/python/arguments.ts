import { fail } from '../failure.ts';
import type { Arguments, Value } from '../value.ts';

/** The parameters of a function of Python. */
export interface Signature {
  names: readonly string[];
  required: number;
  /** Its arguments cannot be named. */
  positional: boolean;
}

/** The values of the parameters, in their order. */
export type Bound = readonly (Value | undefined)[];

/** Reads a signature: names, `?` behind those that may be missing, `/` behind all where they cannot be named. */
export function signature(parameters: string): Signature {
  const words = parameters.split(' ').filter((word) => word !== '' && word !== '/');
  return {
    names: words.map((word) => word.replace('?', '')),
    required: words.filter((word) => !word.endsWith('?')).length,
    positional: parameters.endsWith('/'),
  };
}

/** Puts arguments to the parameters as Python does; fails where it would. */
export function bind(
  what: string,
  { names, required, positional }: Signature,
  { args, named }: Arguments,
): Bound {
  if (args.length > names.length)
    fail(`${what} takes at most ${names.length} arguments (${args.length} given)`);
  const bound: (Value | undefined)[] = names.map((_, at) => args[at]);
  for (const [name, value] of named) {
    const at = positional ? -1 : names.indexOf(name);
    if (at === -1) fail(`${what} got an unexpected keyword argument '${name}'`);
    if (at < args.length) fail(`${what} got multiple values for argument '${name}'`);
    bound[at] = value;
  }
  const missing = names.slice(0, required).find((_, at) => bound[at] === undefined);
  return missing === undefined ? bound : fail(`${what} is missing the argument '${missing}'`);
}
