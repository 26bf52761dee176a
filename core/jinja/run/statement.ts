import { fail } from '../failure.ts';
import type { Expression, Statement } from '../nodes.ts';
import { iterate, truth } from '../python/iterate.ts';
import { str } from '../python/print.ts';
import { declareParameter, noteBody, noteTarget, noteWhole } from '../symbols.ts';
import { textOf, typeName, type Value } from '../value.ts';
import { assign, checkNamespaces, publish } from './assign.ts';
import { nested, spend } from './budget.ts';
import { fromImport, importModule, include, placeBlock, startExtending } from './composition.ts';
import { called, evaluate, evaluateArguments, filtered } from './evaluate.ts';
import { atPlace, captured, enter, type Frame, inner, leave, write } from './frame.ts';
import { newLoop } from './loop.ts';
import { newMacro, readsOf } from './macro.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** Renders statements one after the other. */
export function renderBody(frame: Frame, body: readonly Statement[]): void {
  for (const statement of body) {
    spend(frame.run.budget, 1);
    renderStatement(frame, statement);
  }
}

function renderStatement(frame: Frame, statement: Statement): void {
  switch (statement.kind) {
    case 'data':
      if (frame.extending?.parent === undefined) write(frame, statement.text);
      return;
    case 'output':
      renderOutput(frame, statement);
      return;
    case 'if':
      renderIf(frame, statement);
      return;
    case 'for':
      renderFor(frame, statement);
      return;
    case 'set':
    case 'setBlock':
      renderSet(frame, statement);
      return;
    case 'with':
      renderWith(frame, statement);
      return;
    case 'macro':
      defineMacro(frame, statement);
      return;
    case 'callBlock':
      renderCall(frame, statement);
      return;
    case 'filterBlock':
      renderFilter(frame, statement);
      return;
    default:
      renderComposition(frame, statement);
      return;
  }
}

function renderComposition(
  frame: Frame,
  statement: Of<'include' | 'import' | 'fromImport' | 'extends' | 'block'>,
): void {
  atPlace(frame, statement.at);
  switch (statement.kind) {
    case 'include':
      include(frame, statement);
      return;
    case 'import':
      importModule(frame, statement);
      return;
    case 'fromImport':
      fromImport(frame, statement);
      return;
    case 'extends':
      startExtending(frame, statement);
      return;
    case 'block':
      placeBlock(frame, statement);
      return;
  }
}

function renderOutput(frame: Frame, { value }: Of<'output'>): void {
  if (frame.extending?.parent !== undefined) return;
  const found = evaluate(frame, value.of);
  atPlace(frame, value.of.at);
  write(frame, str(found));
}

function renderIf(frame: Frame, { branches, otherwise }: Of<'if'>): void {
  for (const { test, body } of branches) {
    if (truth(evaluate(frame, test.of))) {
      renderBody(frame, body);
      return;
    }
  }
  renderBody(frame, otherwise);
}

function renderFor(frame: Frame, node: Of<'for'>): void {
  const source = evaluate(frame, node.over.of);
  atPlace(frame, node.over.of.at);
  if (!node.recursive) {
    loopOver(frame, node, source, 0n);
    return;
  }
  write(frame, recurse(frame, node, source, 0n));
}

function recurse(frame: Frame, node: Of<'for'>, source: Value, depth: bigint): string {
  const scope = { values: new Map<string, Value | undefined>(), outer: frame.scope };
  return nested(frame.run.budget, () =>
    captured({ ...frame, scope }, (one) => loopOver(one, node, source, depth)),
  );
}

/** Whether the body of a loop names `loop`, or holds a block that does. */
function usesLoop({ names, recursive, body }: Of<'for'>): boolean {
  const holdsScoped = (statements: readonly Statement[]): boolean =>
    statements.some((one) => one.kind === 'block' && one.scoped);
  return recursive || readsOf(names, ['loop']).size > 0 || holdsScoped(body);
}

function loopOver(frame: Frame, node: Of<'for'>, source: Value, depth: bigint): void {
  const hasLoop = usesLoop(node);
  const inside = inner(frame, node, (symbols) => {
    if (hasLoop) declareParameter(symbols, 'loop');
    noteTarget(symbols, node.target, true);
    noteBody(symbols, node.body);
  });
  const items = iterate(frame.run.budget, source);
  const again = node.recursive ? (more: Value) => recurse(frame, node, more, depth + 1n) : undefined;
  const loop = newLoop(
    node.test ? null : source,
    node.test ? passing(frame, node, items) : items,
    depth,
    again,
  );
  let any = false;
  for (let one = loop.next(); !one.done; one = loop.next()) {
    any = true;
    assign(inside, node.target, one.value);
    if (hasLoop) inside.scope.values.set(inside.symbols.variables.get('loop') ?? '', loop.object);
    enter(inside);
    renderBody(inside, node.body);
  }
  leave(inside);
  if (!any && node.otherwise.length > 0) renderElse(frame, node.otherwise);
}

function renderElse(frame: Frame, body: Statement[]): void {
  const inside = inner(frame, body, (symbols) => noteBody(symbols, body));
  enter(inside);
  renderBody(inside, body);
  leave(inside);
}

/** The elements for which the `if` of a loop holds. */
function* passing(frame: Frame, node: Of<'for'>, items: Iterable<Value>): Generator<Value> {
  const { test, target } = node;
  if (test === undefined) return;
  const scope = { values: new Map<string, Value | undefined>(), outer: frame.scope };
  const inside = inner({ ...frame, scope }, test, (symbols) => {
    noteTarget(symbols, target, true);
    noteWhole(symbols, test);
  });
  enter(inside);
  for (const item of items) {
    assign(inside, target, item);
    if (truth(evaluate(inside, test.of))) yield item;
  }
}

function renderSet(frame: Frame, node: Of<'set' | 'setBlock'>): void {
  if (node.kind === 'setBlock') {
    setBlock(frame, node);
    return;
  }
  checkNamespaces(frame, node.target);
  const value = evaluate(frame, node.value.of);
  atPlace(frame, node.at);
  assign(frame, node.target, value);
  publish(frame, node.target);
}

function setBlock(frame: Frame, node: Of<'setBlock'>): void {
  const inside = inner({ ...frame, extending: undefined }, node, (symbols) => noteBody(symbols, node.body));
  enter(inside);
  const text = captured(inside, (one) => renderBody(one, node.body));
  const value = node.filter === undefined ? text : applyChain(inside, node.filter.of, text);
  atPlace(frame, node.at);
  assign(frame, node.target, value);
  publish(frame, node.target);
  leave(inside);
}

/** Puts a text through the filters at the head of a statement. */
function applyChain(frame: Frame, node: Expression, text: string): Value {
  if (node.kind !== 'filter') return evaluate(frame, node);
  return filtered(frame, node, node.of === undefined ? text : applyChain(frame, node.of, text));
}

function renderWith(frame: Frame, node: Of<'with'>): void {
  const inside = inner(frame, node, (symbols) => {
    for (const target of node.targets) noteTarget(symbols, target, true);
    noteBody(symbols, node.body);
  });
  enter(inside);
  for (const [at, target] of node.targets.entries()) {
    const value = node.values[at];
    if (value !== undefined) assign(inside, target, evaluate(frame, value.of));
  }
  renderBody(inside, node.body);
  leave(inside);
}

function defineMacro(frame: Frame, { name, macro }: Of<'macro'>): void {
  const made = newMacro(frame, macro, name);
  const target = { kind: 'name', at: macro.at, name } as const;
  assign(frame, target, made);
  publish(frame, target);
}

function renderCall(frame: Frame, { at, call, macro }: Of<'callBlock'>): void {
  const caller = newMacro(frame, macro, undefined);
  if (call.of.kind !== 'call') return;
  const result = called(frame, call.of, (one, given) => {
    const found = evaluateArguments(one, given);
    return { args: found.args, named: new Map([...found.named, ['caller', caller]]) };
  });
  atPlace(frame, at);
  writeText(frame, result);
}

function renderFilter(frame: Frame, node: Of<'filterBlock'>): void {
  const inside = inner(frame, node, (symbols) => {
    noteBody(symbols, node.body);
    noteWhole(symbols, node.filter);
  });
  enter(inside);
  const text = captured(inside, (one) => renderBody(one, node.body));
  writeText(frame, applyChain(inside, node.filter.of, text));
  leave(inside);
}

/** Jinja2 joins these as they are: what is no text fails. */
function writeText(frame: Frame, value: Value): void {
  write(frame, textOf(value) ?? fail(`expected text, got ${typeName(value)}`));
}
