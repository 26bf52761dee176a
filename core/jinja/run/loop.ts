import { fail } from '../failure.ts';
import { equal } from '../python/equality.ts';
import { lengthIn } from '../python/iterate.ts';
import { or, type PyObject, tuple, undefinedValue, type Value } from '../value.ts';

/** The state behind `loop`. */
export interface Loop {
  object: PyObject;
  /** The next element; nothing behind the last. */
  next(): IteratorResult<Value>;
}

interface State {
  source: Value;
  iterator: Iterator<Value>;
  index: number;
  length: bigint | undefined;
  ahead: IteratorResult<Value> | undefined;
  current: Value | undefined;
  before: Value | undefined;
  changed: Value | undefined;
}

/**
 * Goes over elements as `loop` of Jinja2 does.
 * @param again what calling `loop` does, in a recursive loop.
 */
export function newLoop(
  source: Value,
  items: Iterable<Value>,
  depth: bigint,
  again?: (items: Value) => Value,
): Loop {
  const state: State = {
    source,
    iterator: items[Symbol.iterator](),
    index: -1,
    length: undefined,
    ahead: undefined,
    current: undefined,
    before: undefined,
    changed: undefined,
  };
  const object: PyObject = {
    kind: 'object',
    type: 'LoopContext',
    attribute: (name) => attributeOf(state, depth, name),
    length: () => lengthOf(state),
    text: () => `<LoopContext ${state.index + 1}/${lengthOf(state)}>`,
    call: ({ args: [given] }) => {
      if (again === undefined)
        return fail("The loop must have the 'recursive' marker to be called recursively.");
      return given === undefined ? fail('loop() needs what to go over') : again(given);
    },
  };
  return { object, next: () => advance(state) };
}

function advance(state: State): IteratorResult<Value> {
  const found = state.ahead ?? state.iterator.next();
  state.ahead = undefined;
  if (found.done) return found;
  state.index++;
  state.before = state.current;
  state.current = found.value;
  return found;
}

function peek(state: State): IteratorResult<Value> {
  state.ahead ??= state.iterator.next();
  return state.ahead;
}

function lengthOf(state: State): bigint {
  if (state.length !== undefined) return state.length;
  const known = state.source === null ? undefined : lengthIn(state.source);
  state.length = known ?? countRest(state);
  return state.length;
}

/** Reads what is left, to count it. */
function countRest(state: State): bigint {
  const rest: Value[] = [];
  for (let one = state.iterator.next(); !one.done; one = state.iterator.next()) rest.push(one.value);
  state.iterator = rest.values();
  const ahead = state.ahead !== undefined && !state.ahead.done ? 1 : 0;
  return BigInt(rest.length + state.index + 1 + ahead);
}

function attributeOf(state: State, depth: bigint, name: string): Value | undefined {
  const index = BigInt(state.index);
  switch (name) {
    case 'index':
      return index + 1n;
    case 'index0':
      return index;
    case 'revindex':
      return lengthOf(state) - index;
    case 'revindex0':
      return lengthOf(state) - index - 1n;
    case 'first':
      return state.index === 0;
    case 'last':
      return peek(state).done === true;
    case 'length':
      return lengthOf(state);
    case 'depth':
      return depth + 1n;
    case 'depth0':
      return depth;
    default:
      return neighbour(state, name);
  }
}

function neighbour(state: State, name: string): Value | undefined {
  switch (name) {
    case 'previtem':
      return state.index === 0 ? undefinedValue('there is no previous item') : (state.before ?? null);
    case 'nextitem': {
      const { done, value } = peek(state);
      return done ? undefinedValue('there is no next item') : value;
    }
    case 'cycle':
      return method(({ args }) =>
        or(args[state.index % args.length], () => fail('no items for cycling given')),
      );
    case 'changed':
      return method(({ args }) => hasChanged(state, tuple(args)));
    default:
      return undefined;
  }
}

function method(call: NonNullable<PyObject['call']>): PyObject {
  return { kind: 'object', type: 'method', call };
}

function hasChanged(state: State, value: Value): boolean {
  if (state.changed !== undefined && equal(state.changed, value)) return false;
  state.changed = value;
  return true;
}
