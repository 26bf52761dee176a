import { fail, raise, refuse } from '../failure.ts';
import type { MacroBody, NameUse } from '../nodes.ts';
import { quote } from '../python/print.ts';
import { declareParameter, noteMacro, type Symbols } from '../symbols.ts';
import { type Arguments, dict, type PyObject, tuple, undefinedValue, type Value } from '../value.ts';
import { nested } from './budget.ts';
import { evaluate } from './evaluate.ts';
import { captured, enter, type Frame, inner, variable } from './frame.ts';
import { renderBody } from './statement.ts';

/** Which of a name are read before they are given a value. */
export function readsOf(names: readonly NameUse[], wanted: readonly string[]): Set<string> {
  const found = new Set<string>();
  const open = new Set(wanted);
  for (const { name, stored } of names) {
    if (!open.has(name)) continue;
    if (stored) open.delete(name);
    else found.add(name);
  }
  return found;
}

/** What a macro takes beside its parameters. */
interface Extras {
  caller: boolean;
  kwargs: boolean;
  varargs: boolean;
  ownCaller: boolean;
}

function extrasOf({ at, parameters, names }: MacroBody, template: string): Extras {
  const reads = readsOf(names, ['caller', 'kwargs', 'varargs']);
  const own = new Set(parameters.map(({ name }) => name));
  const caller = parameters.find(({ name }) => name === 'caller');
  if (reads.has('caller') && caller !== undefined && caller.fallback === undefined) {
    const message = 'the special "caller" argument must be omitted or be given a default.';
    raise({ kind: 'syntax', message, place: { template, offset: at } });
  }
  return {
    caller: reads.has('caller'),
    kwargs: reads.has('kwargs') && !own.has('kwargs'),
    varargs: reads.has('varargs') && !own.has('varargs'),
    ownCaller: caller !== undefined,
  };
}

/** Makes a macro of its definition. */
export function newMacro(frame: Frame, node: MacroBody, name: string | undefined): PyObject {
  const extras = extrasOf(node, frame.template.name);
  const own = inner(frame, node, (symbols) => noteAll(symbols, node, extras));
  const names = node.parameters.map((one) => one.name);
  return {
    kind: 'object',
    type: 'Macro',
    text: () => `<Macro ${name === undefined ? 'anonymous' : quote(name)}>`,
    attribute: (wanted) => attributeOf(wanted, name, names, extras),
    call: (given) => nested(frame.run.budget, () => invoke(own, node, name, extras, given)),
  };
}

function noteAll(symbols: Symbols, node: MacroBody, { caller, kwargs, varargs, ownCaller }: Extras): void {
  noteMacro(symbols, node);
  if (caller && !ownCaller) declareParameter(symbols, 'caller');
  if (kwargs) declareParameter(symbols, 'kwargs');
  if (varargs) declareParameter(symbols, 'varargs');
}

function attributeOf(
  wanted: string,
  name: string | undefined,
  names: string[],
  extras: Extras,
): Value | undefined {
  if (wanted.startsWith('_')) refuse('attribute', `'${wanted}' of a macro`, 'Leave it out.');
  const known: Readonly<Record<string, Value>> = {
    name: name ?? null,
    arguments: tuple(names),
    caller: extras.caller,
    catch_kwargs: extras.kwargs,
    catch_varargs: extras.varargs,
    explicit_caller: extras.ownCaller,
  };
  return Object.hasOwn(known, wanted) ? known[wanted] : undefined;
}

function invoke(
  definition: Frame,
  node: MacroBody,
  name: string | undefined,
  extras: Extras,
  given: Arguments,
): string {
  const scope = { values: new Map<string, Value | undefined>(), outer: definition.scope };
  const frame: Frame = { ...definition, scope, extending: undefined };
  const named = new Map(given.named);
  const set = (parameter: string, value: Value | undefined) =>
    scope.values.set(variable(frame, parameter), value);
  for (const [at, { name: parameter }] of node.parameters.entries()) {
    set(parameter, at < given.args.length ? given.args[at] : named.get(parameter));
    if (at >= given.args.length) named.delete(parameter);
  }
  setExtras(node, name, extras, { args: given.args, named }, set);
  return captured(frame, (inside) => {
    enter(inside);
    setFallbacks(inside, node);
    renderBody(inside, node.body);
  });
}

function setExtras(
  { parameters }: MacroBody,
  name: string | undefined,
  { caller, kwargs, varargs, ownCaller }: Extras,
  { args, named }: Arguments,
  set: (parameter: string, value: Value) => void,
): void {
  if (caller && !ownCaller) {
    set('caller', callerOr(named.get('caller')));
    named.delete('caller');
  }
  const more = [...named.keys()][0];
  if (kwargs) set('kwargs', dict(named));
  else if (more !== undefined) fail(`macro '${name}' takes no keyword argument '${more}'`);
  if (varargs) set('varargs', tuple(args.slice(parameters.length)));
  else if (args.length > parameters.length) {
    fail(`macro '${name}' takes not more than ${parameters.length} argument(s)`);
  }
}

/** Jinja2 takes a caller that is None for none at all. */
function callerOr(caller: Value | undefined): Value {
  return caller ?? undefinedValue('No caller defined');
}

/** What is not given is computed in the macro itself, so that a fallback sees the parameters before it. */
function setFallbacks(frame: Frame, { parameters }: MacroBody): void {
  for (const { name, fallback } of parameters) {
    const slot = variable(frame, name);
    if (frame.scope.values.get(slot) !== undefined) continue;
    const value =
      fallback === undefined
        ? undefinedValue(`parameter '${name}' was not provided`)
        : evaluate(frame, fallback);
    frame.scope.values.set(slot, value);
  }
}
