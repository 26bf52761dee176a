import { fail, refuse } from '../failure.ts';
import { applyFilter } from '../filters/table.ts';
import type { Expression, GivenArguments } from '../nodes.ts';
import { type absent, attributeOrItem, itemOrAttribute } from '../python/access.ts';
import { arithmetic, signed } from '../python/arithmetic.ts';
import { call } from '../python/attribute.ts';
import { contains } from '../python/contains.ts';
import { equal, hashKey } from '../python/equality.ts';
import { iterate, truth } from '../python/iterate.ts';
import { ordered } from '../python/order.ts';
import { str } from '../python/print.ts';
import { sliced } from '../python/subscript.ts';
import { room } from '../python/text.ts';
import { applyTest } from '../tests.ts';
import { type Arguments, as, isUndefined, list, textOf, tuple, typeName, type Value } from '../value.ts';
import { spend } from './budget.ts';
import { atPlace, type Frame, placeAt, valueIn, variable } from './frame.ts';

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** The value of an expression. */
export function evaluate(frame: Frame, node: Expression): Value {
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'name':
      return nameValue(frame, node);
    case 'attribute':
      return attributeValue(frame, node);
    case 'item':
      return itemValue(frame, node);
    case 'filter':
      return filtered(frame, node, node.of === undefined ? '' : evaluate(frame, node.of));
    case 'test':
      return tested(frame, node);
    case 'call':
      return called(frame, node, evaluateArguments);
    default:
      return evaluateOperator(frame, node);
  }
}

type Operator = Exclude<
  Expression['kind'],
  'constant' | 'name' | 'attribute' | 'item' | 'filter' | 'test' | 'call'
>;

function evaluateOperator(frame: Frame, node: Node<Operator>): Value {
  switch (node.kind) {
    case 'and':
    case 'or': {
      const left = evaluate(frame, node.left);
      return truth(left) === (node.kind === 'and') ? evaluate(frame, node.right) : left;
    }
    case 'not':
      return !truth(evaluate(frame, node.of));
    case 'choice':
      return chosen(frame, node);
    case 'comparison':
      return compared(frame, node);
    case 'arithmetic': {
      const [left, right] = [evaluate(frame, node.left), evaluate(frame, node.right)];
      atPlace(frame, node.at);
      return arithmetic(left, node.sign, right);
    }
    case 'negative':
    case 'positive':
      return signed(evaluate(frame, node.of), node.kind === 'negative');
    default:
      return evaluateBuilt(frame, node);
  }
}

function evaluateBuilt(frame: Frame, node: Node<'concat' | 'list' | 'tuple' | 'dict' | 'slice'>): Value {
  switch (node.kind) {
    case 'concat': {
      const parts = node.items.map((item) => evaluate(frame, item)).map(str);
      room(parts.reduce((sum, part) => sum + part.length, 0));
      return parts.join('');
    }
    case 'list':
      return list(node.items.map((item) => evaluate(frame, item)));
    case 'tuple':
      return tuple(node.items.map((item) => evaluate(frame, item)));
    case 'dict':
      return dictValue(frame, node);
    case 'slice': {
      const box = evaluate(frame, node.of);
      const bounds = node.bounds.map((bound) => bound && evaluate(frame, bound));
      atPlace(frame, node.at);
      return sliced(box, bounds);
    }
  }
}

function nameValue(frame: Frame, { name, at }: Node<'name'>): Value {
  const slot = variable(frame, name);
  const value = valueIn(frame.scope, slot);
  if (value !== undefined) return value;
  if (frame.symbols.loads.get(slot)?.kind === 'parameter' || isLeft(frame, slot)) {
    refuse(
      'statement',
      `'${name}' behind the loop or before the parameter that it is`,
      'Pass it as a parameter.',
    );
  }
  return { kind: 'undefined', message: `${name} is not defined`, place: placeAt(frame, at) };
}

/** Whether a variable is a parameter of a scope further out, whose value is gone. */
function isLeft({ symbols }: Frame, slot: string): boolean {
  for (let one = symbols.parent; one !== undefined; one = one.parent) {
    if (one.loads.get(slot)?.kind === 'parameter') return true;
  }
  return false;
}

function attributeValue(frame: Frame, node: Node<'attribute'>): Value {
  const box = evaluate(frame, node.of);
  atPlace(frame, node.at);
  const value = attributeOrItem(frame.run.budget, box, node.name);
  return isUndefined(value) && value.place === undefined
    ? { ...named(value, node), place: placeAt(frame, node.at) }
    : value;
}

function itemValue(frame: Frame, node: Node<'item'>): Value {
  const box = evaluate(frame, node.of);
  const key = evaluate(frame, node.key);
  atPlace(frame, node.at);
  const value = itemOrAttribute(frame.run.budget, box, key);
  return isUndefined(value) && value.place === undefined
    ? { ...named(value, node), place: placeAt(frame, node.at) }
    : value;
}

/** Told as it is written, if it is a setting. */
function named(value: ReturnType<typeof absent>, node: Expression): ReturnType<typeof absent> {
  const path = value.setting === undefined ? undefined : pathOf(node);
  return path === undefined ? value : { ...value, message: `${path} is not set` };
}

function pathOf(node: Expression): string | undefined {
  if (node.kind === 'name') return node.name;
  if (node.kind === 'attribute') return joined(pathOf(node.of), `.${node.name}`);
  if (node.kind !== 'item' || node.key.kind !== 'constant') return undefined;
  const key = textOf(node.key.value);
  return joined(pathOf(node.of), key === undefined ? `[${str(node.key.value)}]` : `.${key}`);
}

function joined(path: string | undefined, more: string): string | undefined {
  return path === undefined ? undefined : path + more;
}

/** Applies one filter to a value. */
export function filtered(frame: Frame, node: Node<'filter'>, value: Value): Value {
  const given = evaluateArguments(frame, node.given);
  atPlace(frame, node.at);
  spend(frame.run.budget, 1);
  return applyFilter(node.name, value, given, frame.run.services);
}

function tested(frame: Frame, node: Node<'test'>): Value {
  const value = evaluate(frame, node.of);
  const given = evaluateArguments(frame, node.given);
  atPlace(frame, node.at);
  return applyTest(node.name, value, given, frame.run.services);
}

/** Calls what an expression names. */
export function called(
  frame: Frame,
  node: Node<'call'>,
  argumentsOf: (frame: Frame, given: GivenArguments) => Arguments,
): Value {
  const callee = evaluate(frame, node.of);
  const given = argumentsOf(frame, node.given);
  atPlace(frame, node.at);
  spend(frame.run.budget, 1);
  return call(callee, given);
}

/** The arguments of a call. */
export function evaluateArguments(
  frame: Frame,
  { args, named: byName, rest, restNamed }: GivenArguments,
): Arguments {
  const values = args.map((arg) => evaluate(frame, arg));
  const given = new Map(byName.map(({ name, value }) => [name, evaluate(frame, value)]));
  if (rest !== undefined) values.push(...iterate(frame.run.budget, evaluate(frame, rest)));
  if (restNamed !== undefined) addNamed(given, evaluate(frame, restNamed));
  return { args: values, named: given };
}

function addNamed(given: Map<string, Value>, value: Value): void {
  const dict = as('dict', value) ?? fail(`argument after ** must be a mapping, not ${typeName(value)}`);
  for (const [key, one] of dict.entries.values()) {
    const name = textOf(key) ?? fail('keywords must be strings');
    if (given.has(name)) fail(`got multiple values for keyword argument '${name}'`);
    given.set(name, one);
  }
}

function chosen(frame: Frame, { at, test, then, otherwise }: Node<'choice'>): Value {
  if (truth(evaluate(frame, test))) return evaluate(frame, then);
  if (otherwise !== undefined) return evaluate(frame, otherwise);
  return {
    kind: 'undefined',
    message: 'the inline `if` has no `else`',
    place: placeAt(frame, at),
    lenient: true,
  };
}

function compared(frame: Frame, { at, first, rest }: Node<'comparison'>): Value {
  let left = evaluate(frame, first);
  for (const { sign, of } of rest) {
    const right = evaluate(frame, of);
    atPlace(frame, at);
    if (!compare(frame, left, sign, right)) return false;
    left = right;
  }
  return true;
}

function compare({ run }: Frame, left: Value, sign: string, right: Value): boolean {
  switch (sign) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case 'in':
      return contains(run.budget, right, left);
    case 'not in':
      return !contains(run.budget, right, left);
    default:
      return ordered(left, sign, right);
  }
}

function dictValue(frame: Frame, { items }: Node<'dict'>): Value {
  const entries = new Map<string, readonly [Value, Value]>();
  for (const [keyNode, valueNode] of items) {
    const key = evaluate(frame, keyNode);
    const value = evaluate(frame, valueNode);
    const hash = hashKey(key);
    entries.set(hash, [entries.get(hash)?.[0] ?? key, value]);
  }
  return { kind: 'dict', entries };
}
