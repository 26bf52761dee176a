import { fail, raise, refuse } from '../failure.ts';
import type { BlockStatement, Expression, ParsedTemplate, Statement, Whole } from '../nodes.ts';
import { parseTemplate } from '../parser/statement.ts';
import { iterate } from '../python/iterate.ts';
import { failUndefined } from '../python/print.ts';
import { declareParameter, noteBody, symbolsWithin } from '../symbols.ts';
import { isUndefined, or, type PyObject, textOf, typeName, undefinedValue, type Value } from '../value.ts';
import { nested } from './budget.ts';
import { evaluate } from './evaluate.ts';
import {
  allOf,
  atPlace,
  type Block,
  type Context,
  enter,
  type Frame,
  type Module,
  placeAt,
  type Run,
  valueIn,
  variable,
  write,
} from './frame.ts';
import { readsOf } from './macro.ts';
import { renderBody } from './statement.ts';

type Of<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** A context in which a template can be rendered. */
export function newContext(template: ParsedTemplate, outer: ReadonlyMap<string, Value>): Context {
  const blocks = new Map<string, Block[]>();
  for (const [name, block] of template.blocks) blocks.set(name, [{ template, block }]);
  return { outer, own: new Map(), exported: new Set(), blocks };
}

/** Renders a whole template. */
export function renderRoot(run: Run, template: ParsedTemplate, context: Context, out: string[]): void {
  const extending = template.isExtending ? { parent: undefined } : undefined;
  const frame = rootFrame(run, template, context, out, template.body, readsOf(template.names, ['self']));
  const whole: Frame = { ...frame, toplevel: true, extending };
  if (whole.symbols.variables.has('self'))
    whole.scope.values.set(variable(whole, 'self'), selfOf(run, context));
  enter(whole);
  renderBody(whole, template.body);
  const parent = extending?.parent;
  if (parent !== undefined) nested(run.budget, () => renderRoot(run, parent, context, out));
}

function rootFrame(
  run: Run,
  template: ParsedTemplate,
  context: Context,
  out: string[],
  body: Statement[],
  special: ReadonlySet<string>,
): Frame {
  let symbols = run.symbols.get(body);
  if (symbols === undefined) {
    symbols = symbolsWithin(undefined);
    for (const name of special) declareParameter(symbols, name);
    noteBody(symbols, body);
    run.symbols.set(body, symbols);
  }
  const scope = { values: new Map<string, Value | undefined>(), outer: undefined };
  return { run, template, context, symbols, scope, out, toplevel: false, extending: undefined };
}

function selfOf(run: Run, context: Context): PyObject {
  return {
    kind: 'object',
    type: 'TemplateReference',
    attribute: () => undefined,
    item: (key) => {
      const stack = context.blocks.get(textOf(key) ?? '');
      return stack && blockReference(run, context, stack, 0);
    },
  };
}

/** A block as `super` and `self` know it. */
function blockReference(run: Run, context: Context, stack: readonly Block[], at: number): Value {
  return {
    kind: 'object',
    type: 'BlockReference',
    attribute: (name) => {
      if (name !== 'super') return refuse('attribute', `'${name}' of a block`, 'Leave it out.');
      return at + 1 < stack.length ? blockReference(run, context, stack, at + 1) : noParent();
    },
    call: ({ args, named }) => {
      if (args.length > 0 || named.size > 0) fail('a block takes no arguments');
      const out: string[] = [];
      const block = stack[at];
      if (block !== undefined) renderBlock(run, block, context, out);
      return out.join('');
    },
  };
}

function noParent(): Value {
  return undefinedValue('there is no parent block of this name.');
}

function renderBlock(run: Run, entry: Block, context: Context, out: string[]): void {
  const { template, block } = entry;
  const special = readsOf(block.names, ['self', 'super']);
  const frame = rootFrame(run, template, context, out, block.body, special);
  if (special.has('self')) frame.scope.values.set(variable(frame, 'self'), selfOf(run, context));
  if (special.has('super')) {
    const stack = context.blocks.get(block.name) ?? [];
    const at = stack.indexOf(entry) + 1;
    frame.scope.values.set(
      variable(frame, 'super'),
      at < stack.length ? blockReference(run, context, stack, at) : noParent(),
    );
  }
  nested(run.budget, () => {
    enter(frame);
    renderBody(frame, block.body);
  });
}

/** Renders a block where it stands, as the template that is furthest down has it. */
export function placeBlock(frame: Frame, node: BlockStatement): void {
  if (frame.toplevel && frame.extending?.parent !== undefined) return;
  const stack = frame.context.blocks.get(node.name) ?? [];
  if (node.required && stack.length <= 1) fail(`Required block '${node.name}' not found`);
  const context = node.scoped ? { ...frame.context, ...derived(frame) } : frame.context;
  const [first] = stack;
  const out: string[] = [];
  if (first !== undefined) renderBlock(frame.run, first, context, out);
  frame.out.push(...out);
}

function derived(frame: Frame): Pick<Context, 'outer' | 'own' | 'exported'> {
  return { outer: withLocals(frame), own: new Map(), exported: new Set() };
}

/** All names that are seen in a frame. */
function withLocals(frame: Frame): ReadonlyMap<string, Value> {
  const names = new Map(allOf(frame.context));
  const seen = new Set<string>();
  for (let one: Frame['symbols'] | undefined = frame.symbols; one !== undefined; one = one.parent) {
    for (const name of one.stores) {
      if (seen.has(name)) continue;
      seen.add(name);
      const value = valueIn(frame.scope, variable(frame, name));
      if (value !== undefined) names.set(name, value);
    }
  }
  return names;
}

export function startExtending(frame: Frame, { template }: Of<'extends'>): void {
  const parent = templateOf(frame, evaluate(frame, template.of));
  for (const [name, block] of parent.blocks) {
    const stack = frame.context.blocks.get(name) ?? [];
    frame.context.blocks.set(name, [...stack, { template: parent, block }]);
  }
  if (frame.extending !== undefined) frame.extending.parent = parent;
}

export function include(frame: Frame, node: Of<'include'>): void {
  const template = chosen(frame, node.template, node.ignoreMissing);
  if (template === undefined) return;
  const { run } = frame;
  if (!node.withContext) {
    write(frame, moduleOf(run, template).text);
    return;
  }
  const context = newContext(template, withLocals(frame));
  nested(run.budget, () => renderRoot(run, template, context, frame.out));
}

function chosen(frame: Frame, { of }: Whole, ignoreMissing: boolean): ParsedTemplate | undefined {
  const value = evaluate(frame, of);
  atPlace(frame, of.at);
  if (isUndefined(value)) failUndefined(value);
  const names = textOf(value) === undefined ? [...iterate(frame.run.budget, value)] : [value];
  for (const name of names) {
    const found = isUndefined(name) ? undefined : findTemplate(frame, name);
    if (found !== undefined) return found;
  }
  return ignoreMissing ? undefined : notFound(names);
}

function notFound(names: readonly Value[]): never {
  const list = names.map((name) => `'${textOf(name) ?? ''}'`).join(', ');
  return raise({ kind: 'not-found', message: `there is no template ${list}` });
}

function templateOf(frame: Frame, name: Value): ParsedTemplate {
  if (isUndefined(name)) failUndefined(name);
  return findTemplate(frame, name) ?? notFound([name]);
}

function findTemplate({ run }: Frame, value: Value): ParsedTemplate | undefined {
  const name = textOf(value) ?? fail(`a template is named by text, not by ${typeName(value)}`);
  const parts = name.split('/');
  if (parts.includes('..')) return undefined;
  const path = parts.filter((part) => part !== '' && part !== '.').join('/');
  const known = run.templates.get(path);
  if (known !== undefined) return known;
  const text = run.load(path);
  if (text === undefined) return undefined;
  const template = parseTemplate(path, text);
  run.templates.set(path, template);
  return template;
}

/** What a template gives that sees no names of the one that imports it; rendered once. */
function moduleOf(run: Run, template: ParsedTemplate): Module {
  const known = run.modules.get(template.name);
  if (known !== undefined) return known;
  const made = newModule(run, template, new Map());
  run.modules.set(template.name, made);
  return made;
}

function newModule(run: Run, template: ParsedTemplate, outer: ReadonlyMap<string, Value>): Module {
  const context = newContext(template, outer);
  const out: string[] = [];
  nested(run.budget, () => renderRoot(run, template, context, out));
  const text = out.join('');
  const object: PyObject = {
    kind: 'object',
    type: 'TemplateModule',
    text: () => text,
    attribute: (name) => {
      if (name.startsWith('_')) refuse('attribute', `'${name}' of a template`, 'Leave it out.');
      return context.exported.has(name) ? context.own.get(name) : undefined;
    },
  };
  return { text, object };
}

function imported(frame: Frame, { of }: { of: Expression }, withContext: boolean): PyObject {
  const template = templateOf(frame, evaluate(frame, of));
  const { run } = frame;
  return (withContext ? newModule(run, template, withLocals(frame)) : moduleOf(run, template)).object;
}

export function importModule(frame: Frame, { template, name, withContext }: Of<'import'>): void {
  store(frame, name, imported(frame, template, withContext));
}

export function fromImport(frame: Frame, { at, template, names, withContext }: Of<'fromImport'>): void {
  const module = imported(frame, template, withContext);
  for (const { name, alias } of names) {
    const place = placeAt(frame, at);
    const missing = { ...undefinedValue(`the template does not export '${name}'`), place };
    store(
      frame,
      alias,
      or(module.attribute?.(name), () => missing),
    );
  }
}

function store(frame: Frame, name: string, value: Value): void {
  frame.scope.values.set(variable(frame, name), value);
  if (!frame.toplevel) return;
  frame.context.own.set(name, value);
  if (!name.startsWith('_')) frame.context.exported.delete(name);
}
