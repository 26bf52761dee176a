import type { Place } from '../failure.ts';
import { refuse } from '../failure.ts';
import type { Services } from '../filters/filter.ts';
import type { BlockStatement, ParsedTemplate } from '../nodes.ts';
import { type Symbols, symbolsWithin, variableOf } from '../symbols.ts';
import type { PyObject, Value } from '../value.ts';
import { type Budget, spendOutput } from './budget.ts';

/** One rendering, with all templates that take part. */
export interface Run {
  budget: Budget;
  services: Services;
  globals: ReadonlyMap<string, Value>;
  load(name: string): string | undefined;
  templates: Map<string, ParsedTemplate>;
  /** What templates gave that were imported without context: they are rendered once. */
  modules: Map<string, Module>;
  /** The place that is worked on. */
  place: Place;
  /** The variables of each scope, by the statement that opens it. */
  symbols: WeakMap<object, Symbols>;
}

/** A template that was rendered for what it gives. */
export interface Module {
  text: string;
  object: PyObject;
}

/** The names of one template that is rendered, as other templates and blocks see them. */
export interface Context {
  outer: ReadonlyMap<string, Value>;
  own: Map<string, Value>;
  exported: Set<string>;
  blocks: Map<string, Block[]>;
}

export interface Block {
  template: ParsedTemplate;
  block: BlockStatement;
}

/** The variables of one function of Jinja2's making: a template, block or macro. */
export interface Scope {
  values: Map<string, Value | undefined>;
  outer: Scope | undefined;
}

/** Where statements are rendered. */
export interface Frame {
  run: Run;
  context: Context;
  template: ParsedTemplate;
  symbols: Symbols;
  scope: Scope;
  out: string[];
  /** Names given values here are seen by blocks and by templates that import this one. */
  toplevel: boolean;
  /** Output of a template that extends another is left out. */
  extending: { parent: ParsedTemplate | undefined } | undefined;
}

/** What a name is in a context. */
export function resolve({ run, context }: Frame, name: string): Value | undefined {
  const own = context.own.get(name);
  if (own !== undefined) return own;
  const outer = context.outer.get(name);
  return outer === undefined ? run.globals.get(name) : outer;
}

/** All names of a context. */
export function allOf({ outer, own }: Context): ReadonlyMap<string, Value> {
  return own.size === 0 ? outer : new Map([...outer, ...own]);
}

/** The value of a variable; nothing for one that has none yet. */
export function valueIn(scope: Scope, variable: string): Value | undefined {
  for (let one: Scope | undefined = scope; one !== undefined; one = one.outer) {
    const value = one.values.get(variable);
    if (value !== undefined || one.values.has(variable)) return value;
  }
  return undefined;
}

/** The variable that a name stands for in a frame. */
export function variable(frame: Frame, name: string): string {
  return (
    variableOf(frame.symbols, name) ??
    refuse(
      'statement',
      `'${name}' in the filter of a {% set %} block`,
      'Set a variable to it first, and filter that.',
    )
  );
}

/** A frame for the inside of a statement; its variables are found once. */
export function inner(frame: Frame, key: object, note: (symbols: Symbols) => void): Frame {
  let symbols = frame.run.symbols.get(key);
  if (symbols === undefined) {
    symbols = symbolsWithin(frame.symbols);
    note(symbols);
    frame.run.symbols.set(key, symbols);
  }
  return { ...frame, symbols, toplevel: false };
}

/** Gives the variables of a frame their first values. */
export function enter(frame: Frame): void {
  const { symbols, scope } = frame;
  for (const [name, load] of symbols.loads) {
    if (load.kind === 'resolve') scope.values.set(name, resolve(frame, load.name));
    else if (load.kind === 'alias') scope.values.set(name, valueIn(scope, load.of));
    else if (load.kind === 'nothing') scope.values.set(name, undefined);
  }
}

/** Takes the values of a frame's variables away. */
export function leave({ symbols, scope }: Frame): void {
  for (const name of symbols.loads.keys()) scope.values.set(name, undefined);
}

export function write({ run, out }: Frame, text: string): void {
  spendOutput(run.budget, text.length);
  out.push(text);
}

/** What is written while something is rendered. */
export function captured(frame: Frame, render: (frame: Frame) => void): string {
  const out: string[] = [];
  render({ ...frame, out });
  return out.join('');
}

/** Sets the place that failures are told at. */
export function atPlace({ run, template }: Frame, offset: number): void {
  run.place.template = template.name;
  run.place.offset = offset;
}

/** The same, for what is told later. */
export function placeAt(frame: Frame, offset: number): Place {
  atPlace(frame, offset);
  return { ...frame.run.place };
}
