import { type Cursor, originsSince, peek, take, textOf } from './cursor.ts';
import { parseOperand } from './operand.ts';
import type { Expression, TemplateReference } from './template.ts';
import type { Token } from './tokens.ts';

/** Nobody nests deeper; what does is passed over. */
const mostDepth = 50;

/** Reads an expression, `a if b else c` included, and notes what it names. Always ends; takes no more than it understands. */
export function parseExpression(cursor: Cursor): Expression {
  if (cursor.depth >= mostDepth) {
    cursor.at = cursor.tokens.length;
    return { kind: 'unknown' };
  }
  cursor.depth++;
  const expression = parseChoice(cursor);
  cursor.depth--;
  return expression;
}

function parseChoice(cursor: Cursor): Expression {
  const { references } = cursor.reading.template;
  const first = references.length;
  const value = parseCondition(cursor);
  const behind = references.length;
  if (!take(cursor, 'if')) return value;
  const expression = parseCondition(cursor);
  for (const one of references.slice(first, behind)) {
    one.condition = { expression, wanted: true, outer: one.condition };
  }
  if (take(cursor, 'else')) {
    const { condition } = cursor.reading;
    cursor.reading.condition = { expression, wanted: false, outer: condition };
    parseExpression(cursor);
    cursor.reading.condition = condition;
  }
  return { kind: 'unknown' };
}

/** Reads what can stand behind `if`: an expression without a choice of its own. */
export function parseCondition(cursor: Cursor): Expression {
  return parseJoined(cursor, 'or', (one) => parseJoined(one, 'and', parseNegated));
}

/** What stands behind `and` is reached only where all before it holds; behind `or`, where nothing before it does. */
function parseJoined(cursor: Cursor, word: 'and' | 'or', parse: (cursor: Cursor) => Expression): Expression {
  const { reading } = cursor;
  const { condition } = reading;
  let last = parse(cursor);
  const of = [last];
  while (take(cursor, word)) {
    reading.condition = { expression: last, wanted: word === 'and', outer: reading.condition };
    last = parse(cursor);
    of.push(last);
  }
  reading.condition = condition;
  return of.length === 1 ? last : { kind: word === 'and' ? 'all' : 'any', of };
}

function parseNegated(cursor: Cursor): Expression {
  let negated = false;
  while (take(cursor, 'not')) negated = !negated;
  const of = parseComparison(cursor);
  return negated ? { kind: 'not', of } : of;
}

const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=', 'in']);

function parseComparison(cursor: Cursor): Expression {
  const mark = cursor.used.length;
  const { at: start } = cursor;
  const expression = parseSum(cursor);
  const single = cursor.at === start + 1 ? cursor.tokens[start] : undefined;
  const left: Left = { mark, expression, single };
  for (let several = false; ; several = true) {
    const negated = peek(cursor) === 'not' && peek(cursor, 1) === 'in';
    const sign = negated ? 'in' : peek(cursor);
    if (!comparisons.has(sign)) return left.expression;
    cursor.at += negated ? 2 : 1;
    const result = parseRight(cursor, left, sign);
    left.expression = several ? unknown : negated ? { kind: 'not', of: result } : result;
    left.single = undefined;
  }
}

/** What stands left of a comparison. */
interface Left {
  mark: number;
  expression: Expression;
  /** Its token, where it is one alone. */
  single: Token | undefined;
}

function parseRight(cursor: Cursor, left: Left, sign: string): Expression {
  const mark = cursor.used.length;
  const right = parseSum(cursor);
  if (sign === 'in') return parseAmong(cursor, left, right, mark);
  if (sign !== '==' && sign !== '!=') return unknown;
  noteKeys(cursor, left.expression, right, left.mark);
  const equal: Expression = { kind: 'equal', left: left.expression, right };
  return sign === '==' ? equal : { kind: 'not', of: equal };
}

const unknown: Expression = { kind: 'unknown' };

/** `'host' in aconf.db` names a setting, which need not be there. */
function parseAmong(cursor: Cursor, left: Left, list: Expression, mark: number): Expression {
  const { single: token, expression: item } = left;
  if (token?.kind !== 'string') return { kind: 'among', item, list };
  const { range, value: name } = textOf(cursor, token);
  const { template, condition } = cursor.reading;
  if (list.kind !== 'setting') {
    const origins = originsSince(cursor, mark);
    if (origins.length > 0) template.accesses.push({ name, range, origins, exact: true });
    return { kind: 'among', item, list };
  }
  const path = [...list.of.path, name];
  const { length } = path;
  const reference: TemplateReference = {
    root: list.of.root,
    path,
    parts: [{ range, length, written: 'string' }],
    range: { start: token.start, end: token.end },
    // That the mapping itself is not there is told of it alone.
    optional: Array.from({ length: length + 1 }, (_, index) => index),
    absent: 'undefined',
    condition,
    passed: false,
  };
  template.references.push(reference);
  return { kind: 'contains', of: reference };
}

/** `key == 'host'` in a loop over the keys of a mapping means the setting, and a rename would not reach it. */
function noteKeys(cursor: Cursor, left: Expression, right: Expression, mark: number): void {
  const { template } = cursor.reading;
  const [literal, other] = left.kind === 'literal' ? [left, right] : [right, left];
  if (literal.kind !== 'literal' || typeof literal.value !== 'string' || other.kind !== 'unknown') return;
  const origins = originsSince(cursor, mark);
  const token = cursor.tokens[cursor.at - 1];
  if (origins.length === 0 || token === undefined) return;
  template.accesses.push({
    name: literal.value,
    range: { start: token.start, end: token.end },
    origins,
    exact: true,
  });
}

const signs: ReadonlySet<string> = new Set(['+', '-', '~', '*', '/', '//', '%', '**']);

function parseSum(cursor: Cursor): Expression {
  for (let count = 0; ; count++) {
    const signed = peek(cursor) === '-' || peek(cursor) === '+';
    while (peek(cursor) === '-' || peek(cursor) === '+') cursor.at++;
    const operand = parseOperand(cursor);
    if (!signs.has(peek(cursor))) return count > 0 || signed ? unknown : operand;
    cursor.at++;
  }
}
