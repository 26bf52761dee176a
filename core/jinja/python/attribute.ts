import { pythonMethods } from '../../templates/words.ts';
import { fail, refuse } from '../failure.ts';
import type { Budget } from '../run/budget.ts';
import type { Value } from '../value.ts';
import { callable, isCompound, typeName } from '../value.ts';
import { bind } from './arguments.ts';
import { type BoxMethod, dictMethods, listMethods, tupleMethods } from './boxMethods.ts';
import { formatText } from './format.ts';
import { failUndefined } from './print.ts';
import { textMethods } from './textMethods.ts';

const numberMethods =
  'as_integer_ratio bit_count bit_length conjugate from_bytes fromhex hex imag is_integer numerator denominator real to_bytes';
const textNames =
  'capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill';

/** The names behind a dot that Python knows for each type. */
const known: Readonly<Record<string, ReadonlySet<string>>> = {
  str: names(textNames),
  int: names(numberMethods),
  bool: names(numberMethods),
  float: names(numberMethods),
  dict: names('clear copy fromkeys get items keys pop popitem setdefault update values'),
  list: names('append clear copy count extend index insert pop remove reverse sort'),
  tuple: names('count index'),
  range: names('count index start stop step'),
  None: names(''),
};

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

/** `value.name` by Python's own attributes; nothing where Python raises an AttributeError. */
export function attribute(budget: Budget, value: Value, name: string): Value | undefined {
  if (isCompound(value) && value.kind === 'undefined') return failUndefined(value);
  if (name.startsWith('__') && name.endsWith('__')) refuse('attribute', `'${name}'`, 'Leave it out.');
  if (isCompound(value) && value.kind === 'object') return ownAttribute(value, name);
  const type = typeName(value);
  const method = methodOf(budget, value, name);
  if (method !== undefined) return method;
  const isKnown = known[type]?.has(name) ?? (pythonMethods.has(name) || isInner(type));
  return isKnown
    ? refuse('method', `'${name}' of a ${type}`, 'Use a filter, or a key in brackets.')
    : undefined;
}

function isInner(type: string): boolean {
  return type === 'Markup' || type === 'generator' || type.startsWith('dict_');
}

function ownAttribute(value: Extract<Value, { kind: 'object' }>, name: string): Value | undefined {
  if (value.attribute !== undefined) return value.attribute(name);
  return refuse('attribute', `'${name}' of a ${value.type}`, 'Leave it out.');
}

function methodOf(budget: Budget, value: Value, name: string): Value | undefined {
  if (typeof value === 'string') return textMethod(budget, value, name);
  if (!isCompound(value)) return undefined;
  if (value.kind === 'dict') return boxMethod(budget, value, dictMethods, name);
  if (value.kind === 'list') return boxMethod(budget, value, listMethods, name);
  return value.kind === 'tuple' ? boxMethod(budget, value, tupleMethods, name) : undefined;
}

function textMethod(budget: Budget, text: string, name: string): Value | undefined {
  if (name === 'format') return callable('builtin_function_or_method', (given) => formatText(text, given));
  const method = Object.hasOwn(textMethods, name) ? textMethods[name] : undefined;
  if (method === undefined) return undefined;
  return callable('builtin_function_or_method', (given) =>
    method.call(text, bind(`${name}()`, method.signature, given), budget),
  );
}

function boxMethod<T extends Value>(
  budget: Budget,
  box: T,
  methods: Readonly<Record<string, BoxMethod<T>>>,
  name: string,
): Value | undefined {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) return undefined;
  return callable('builtin_function_or_method', (given) =>
    method.call(box, bind(`${name}()`, method.signature, given), budget),
  );
}

/** `value(…)` */
export function call(value: Value, given: { args: Value[]; named: Map<string, Value> }): Value {
  if (isCompound(value) && value.kind === 'undefined') return failUndefined(value);
  if (isCompound(value) && value.kind === 'object' && value.call !== undefined) return value.call(given);
  return fail(`'${typeName(value)}' object is not callable`);
}
