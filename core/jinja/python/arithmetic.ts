import { fail, refuse } from '../failure.ts';
import type { Value } from '../value.ts';
import { isCompound, isUndefined, list, textOf, tuple, typeName } from '../value.ts';
import { asNumber } from './equality.ts';
import { percentFormat } from './percent.ts';
import { failUndefined } from './print.ts';
import { room } from './text.ts';

/** `a + b` and the like, for the signs `+ - * / // % **`. */
export function arithmetic(a: Value, sign: string, b: Value): Value {
  if (isMarkup(a) || isMarkup(b)) refuse('markup', `'${sign}' with marked text`, 'Join texts with `~`.');
  if (sign === '%' && typeof a === 'string') return percentFormat(a, b);
  const [left, right] = [asNumber(a), asNumber(b)];
  if (left !== undefined && right !== undefined) {
    return typeof left === 'bigint' && typeof right === 'bigint'
      ? ints(left, sign, right)
      : floats(left, sign, right);
  }
  const joined = sign === '+' ? joinedWith(a, b) : sign === '*' ? repeated(a, b) : undefined;
  return joined === undefined ? unsupported(a, sign, b) : joined;
}

function unsupported(a: Value, sign: string, b: Value): never {
  for (const one of [a, b]) if (isUndefined(one)) failUndefined(one);
  if (isView(a) || isView(b)) refuse('comparison', `'${sign}' with a view`, 'Make a list of it with `list`.');
  return fail(`unsupported operand type(s) for ${sign}: '${typeName(a)}' and '${typeName(b)}'`);
}

function isMarkup(value: Value): boolean {
  return isCompound(value) && value.kind === 'markup';
}

function isView(value: Value): boolean {
  return isCompound(value) && value.kind === 'view';
}

function ints(a: bigint, sign: string, b: bigint): Value {
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return bounded(a, b, bitsOf(a) + bitsOf(b)) * b;
    case '**':
      return intPower(a, b);
    case '/':
      return divided(a, b);
    default:
      return sign === '//' ? floorDivided(a, b) : a - floorDivided(a, b) * b;
  }
}

/** Larger ints than this are refused; Python prints none of them. */
const mostBits = 100_000;

function bitsOf(value: bigint): number {
  return value.toString(16).length * 4;
}

function bounded(a: bigint, _b: bigint, bits: number): bigint {
  if (bits > mostBits) refuse('number', 'An int of that size', 'Use smaller numbers.');
  return a;
}

function intPower(a: bigint, b: bigint): Value {
  if (b < 0n && a === 0n) fail('0.0 cannot be raised to a negative power');
  if (b < 0n) return refuse('number', `${a} ** ${b}`, 'Divide instead.');
  return bounded(a, b, a >= -1n && a <= 1n ? 1 : bitsOf(a) * Number(b)) ** b;
}

function floorDivided(a: bigint, b: bigint): bigint {
  if (b === 0n) fail('integer division or modulo by zero');
  const down = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? down - 1n : down;
}

function divided(a: bigint, b: bigint): number {
  if (b === 0n) fail('division by zero');
  const [over, under] = [Number(a), Number(b)];
  if (!Number.isSafeInteger(over) || !Number.isSafeInteger(under)) {
    refuse('number', `${a} / ${b}`, 'Use `//`.');
  }
  return over / under;
}

/** An int as a float; too large ones fail as in Python. */
export function toFloat(value: bigint | number): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float)) fail('int too large to convert to float');
  return float;
}

function floats(left: bigint | number, sign: string, right: bigint | number): number {
  const [a, b] = [toFloat(left), toFloat(right)];
  const result = floatResult(a, sign, b);
  // Jinja2 cannot compile such a constant, and can compute it.
  if (!Number.isFinite(result) && Number.isFinite(a) && Number.isFinite(b)) {
    refuse('number', `${a} ${sign} ${b}`, 'Use smaller numbers.');
  }
  return result;
}

function floatResult(a: number, sign: string, b: number): number {
  if (b === 0 && (sign === '/' || sign === '//' || sign === '%')) fail('float division by zero');
  switch (sign) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return floorAndRest(a, b)[0];
    case '%':
      return floorAndRest(a, b)[1];
    default:
      return refuse('number', 'A power of floats', 'Multiply instead.');
  }
}

/** Quotient and remainder as CPython computes them. */
function floorAndRest(a: number, b: number): [number, number] {
  let rest = a % b;
  let quotient = (a - rest) / b;
  if (rest === 0) rest = b < 0 ? -0 : 0;
  else if (b < 0 !== rest < 0) {
    rest += b;
    quotient -= 1;
  }
  if (Number.isNaN(quotient)) return [quotient, rest];
  if (quotient === 0) return [a / b < 0 || Object.is(a / b, -0) ? -0 : 0, rest];
  const floor = Math.floor(quotient);
  return [quotient - floor > 0.5 ? floor + 1 : floor, rest];
}

function joinedWith(a: Value, b: Value): Value | undefined {
  if (typeof a === 'string' && typeof b === 'string') {
    room(a.length + b.length);
    return a + b;
  }
  if (!isCompound(a) || !isCompound(b)) return undefined;
  if (a.kind === 'list' && b.kind === 'list') return list(joinItems(a.items, b.items));
  return a.kind === 'tuple' && b.kind === 'tuple' ? tuple(joinItems(a.items, b.items)) : undefined;
}

function joinItems(a: readonly Value[], b: readonly Value[]): Value[] {
  room((a.length + b.length) * 10);
  return [...a, ...b];
}

function repeated(a: Value, b: Value): Value | undefined {
  const [what, times] = typeof a === 'bigint' || typeof a === 'boolean' ? [b, asNumber(a)] : [a, asNumber(b)];
  if (typeof times !== 'bigint') return undefined;
  const count = times < 0n ? 0 : Number(times);
  const text = textOf(what);
  if (text !== undefined) {
    room(text.length * count);
    return text === '' ? '' : text.repeat(count);
  }
  if (!isCompound(what) || (what.kind !== 'list' && what.kind !== 'tuple')) return undefined;
  room(what.items.length * count * 10);
  const items: Value[] = [];
  for (let left = what.items.length === 0 ? 0 : count; left > 0; left--) items.push(...what.items);
  return what.kind === 'list' ? list(items) : tuple(items);
}

/** `-a` or `+a` */
export function signed(a: Value, negative: boolean): Value {
  const value = asNumber(a);
  if (value !== undefined) return negative ? -value : value;
  if (isUndefined(a)) failUndefined(a);
  return fail(`bad operand type for unary ${negative ? '-' : '+'}: '${typeName(a)}'`);
}
