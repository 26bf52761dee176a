import { fail, refuse } from './failure.ts';
import type { Services } from './filters/filter.ts';
import { filterNames } from './filters/table.ts';
import { type Bound, bind, signature } from './python/arguments.ts';
import { arithmetic } from './python/arithmetic.ts';
import { contains } from './python/contains.ts';
import { equal } from './python/equality.ts';
import { iterate, lengthIn } from './python/iterate.ts';
import { isLower, isUpper } from './python/letters.ts';
import { ordered } from './python/order.ts';
import { failUndefined, str } from './python/print.ts';
import { type Arguments, as, isCompound, isUndefined, textOf, type Value } from './value.ts';

type Test = { names: string; holds(given: Bound, services: Services): boolean };

function test(names: string, holds: Test['holds']): Test {
  return { names, holds };
}

function is(holds: (value: Value) => boolean): Test {
  return test('value', ([value = null]) => holds(value));
}

function compared(sign: string): Test {
  return test('a b /', ([a = null, b = null]) => {
    if (sign === '==') return equal(a, b);
    return sign === '!=' ? !equal(a, b) : ordered(a, sign, b);
  });
}

function remainder(value: Value, by: Value): Value {
  return arithmetic(value, '%', by);
}

function isSequence(value: Value): boolean {
  if (isUndefined(value)) return value.lenient ? failUndefined(value) : false;
  // Python has no items in a view, and a namespace has no length.
  if (as('view', value) || as('stream', value)) return false;
  if (as('object', value)) return refuse('identity', "'is sequence' of such a value", 'Ask something else.');
  return lengthIn(value) !== undefined;
}

function isIterable(value: Value, { budget }: Services): boolean {
  if (isUndefined(value)) return value.lenient ?? failUndefined(value);
  if (textOf(value) !== undefined) return true;
  const object = as('object', value);
  if (object !== undefined) return object.iterate !== undefined;
  if (isCompound(value)) iterate(budget, value);
  return isCompound(value);
}

function isSame(a: Value, b: Value): boolean {
  const simple = (value: Value) => value === null || typeof value === 'boolean';
  if (simple(a) || simple(b)) return a === b;
  if (isCompound(a) && isCompound(b) && a.kind !== 'object' && a.kind !== 'tuple') return a === b;
  return refuse('identity', "'is sameas'", 'Compare with `==`.');
}

const number = (value: Value) =>
  typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';
const ge = compared('>=');
const gt = compared('>');
const le = compared('<=');
const lt = compared('<');
const eq = compared('==');
const ne = compared('!=');

const tests: Readonly<Record<string, Test>> = {
  boolean: is((value) => typeof value === 'boolean'),
  callable: test('obj /', ([value = null]) => {
    if (isUndefined(value)) return true;
    const object = as('object', value);
    return object === undefined ? false : object.call !== undefined;
  }),
  defined: is((value) => !isUndefined(value)),
  divisibleby: test('value num', ([value = null, by = null]) => equal(remainder(value, by), 0n)),
  eq,
  equalto: eq,
  escaped: is((value) => as('markup', value) !== undefined),
  even: is((value) => equal(remainder(value, 2n), 0n)),
  false: is((value) => value === false),
  filter: is((value) => named(value, filterNames)),
  float: is((value) => typeof value === 'number'),
  ge,
  greaterthan: gt,
  gt,
  in: test('value seq', ([value = null, seq = null], { budget }) => contains(budget, seq, value)),
  integer: is((value) => typeof value === 'bigint'),
  iterable: test('value', ([value = null], services) => isIterable(value, services)),
  le,
  lessthan: lt,
  lower: is((value) => isLower(str(value))),
  lt,
  mapping: is((value) => as('dict', value) !== undefined),
  ne,
  none: is((value) => value === null),
  number: is(number),
  odd: is((value) => equal(remainder(value, 2n), 1n)),
  sameas: test('value other', ([a = null, b = null]) => isSame(a, b)),
  sequence: is(isSequence),
  string: is((value) => textOf(value) !== undefined),
  test: is((value) => named(value, testNames)),
  true: is((value) => value === true),
  undefined: is(isUndefined),
  upper: is((value) => isUpper(str(value))),
};

function named(value: Value, names: ReadonlySet<string>): boolean {
  if (isUndefined(value)) failUndefined(value);
  if (as('list', value) || as('dict', value)) fail('unhashable type');
  return names.has(textOf(value) ?? '');
}

/** The names of all tests that Jinja2 has. */
export const testNames: ReadonlySet<string> = new Set([
  ...Object.keys(tests),
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
]);

const signs: Readonly<Record<string, Test>> = { '==': eq, '!=': ne, '<': lt, '<=': le, '>': gt, '>=': ge };

/** Whether a test holds. */
export function applyTest(name: Value, value: Value, given: Arguments, services: Services): boolean {
  if (isUndefined(name)) failUndefined(name);
  const text = textOf(name) ?? '';
  const found = Object.hasOwn(tests, text) ? tests[text] : signs[text];
  if (found === undefined) return refuseTest(text);
  const whole = { args: [value, ...given.args], named: given.named };
  return found.holds(bind(`the test '${text}'`, signature(found.names), whole), services);
}

function refuseTest(name: string): never {
  return refuse('filter', `The test '${name}'`, 'Jinja2 has no such test.');
}

/** Whether there is a test of that name: asked before anything is rendered. */
export function checkTest(name: string): void {
  if (!Object.hasOwn(tests, name)) refuseTest(name);
}
