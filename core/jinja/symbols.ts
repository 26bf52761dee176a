import type { MacroBody, NameUse, Statement, Target, Whole } from './nodes.ts';

/** What is done for a variable when its scope is entered. */
export type Load =
  | { kind: 'parameter' }
  | { kind: 'resolve'; name: string }
  | { kind: 'alias'; of: string }
  | { kind: 'nothing' };

/**
 * The variables of one scope. As in Jinja2 they are found before anything is rendered: where in a scope a name is
 * given a value does not matter, and a scope takes over the names of those around it when it is entered.
 */
export interface Symbols {
  level: number;
  parent: Symbols | undefined;
  /** The variable that a name stands for. */
  variables: Map<string, string>;
  loads: Map<string, Load>;
  stores: Set<string>;
}

export function symbolsWithin(parent: Symbols | undefined): Symbols {
  const level = parent === undefined ? 0 : parent.level + 1;
  return { level, parent, variables: new Map(), loads: new Map(), stores: new Set() };
}

function define({ level, variables, loads }: Symbols, name: string, load: Load): void {
  const variable = `${level} ${name}`;
  variables.set(name, variable);
  loads.set(variable, load);
}

export function variableOf(symbols: Symbols, name: string): string | undefined {
  for (let one: Symbols | undefined = symbols; one !== undefined; one = one.parent) {
    const found = one.variables.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function declareParameter(symbols: Symbols, name: string): void {
  symbols.stores.add(name);
  define(symbols, name, { kind: 'parameter' });
}

function store(symbols: Symbols, name: string): void {
  symbols.stores.add(name);
  if (symbols.variables.has(name)) return;
  const outer = symbols.parent && variableOf(symbols.parent, name);
  define(symbols, name, outer === undefined ? { kind: 'nothing' } : { kind: 'alias', of: outer });
}

function loadAll(symbols: Symbols, names: readonly NameUse[]): void {
  for (const { name } of names) {
    if (variableOf(symbols, name) === undefined) define(symbols, name, { kind: 'resolve', name });
  }
}

/** Notes the names of an expression. */
export function noteWhole(symbols: Symbols, whole: Whole | undefined): void {
  if (whole !== undefined) loadAll(symbols, whole.names);
}

/** Notes a target; as parameters, its names hide all others. */
export function noteTarget(symbols: Symbols, target: Target, asParameter: boolean): void {
  if (target.kind === 'tuple') {
    for (const item of target.items) noteTarget(symbols, item, asParameter);
  } else if (target.kind === 'namespace') loadAll(symbols, [{ name: target.name, stored: false }]);
  else if (asParameter) declareParameter(symbols, target.name);
  else store(symbols, target.name);
}

export function noteMacro(symbols: Symbols, { parameters, fallbackNames, body }: MacroBody): void {
  for (const { name } of parameters) declareParameter(symbols, name);
  loadAll(symbols, fallbackNames);
  noteBody(symbols, body);
}

/** Notes the names of statements, without those of the scopes that they open. */
export function noteBody(symbols: Symbols, body: readonly Statement[]): void {
  for (const statement of body) noteStatement(symbols, statement);
}

function noteStatement(symbols: Symbols, statement: Statement): void {
  switch (statement.kind) {
    case 'output':
      noteWhole(symbols, statement.value);
      return;
    case 'if':
      noteIf(symbols, statement.branches, statement.otherwise);
      return;
    case 'for':
      noteWhole(symbols, statement.over);
      return;
    case 'set':
      noteWhole(symbols, statement.value);
      noteTarget(symbols, statement.target, false);
      return;
    case 'setBlock':
      noteTarget(symbols, statement.target, false);
      return;
    case 'with':
      for (const value of statement.values) noteWhole(symbols, value);
      return;
    case 'macro':
      store(symbols, statement.name);
      return;
    case 'callBlock':
      noteWhole(symbols, statement.call);
      return;
    case 'filterBlock':
      noteWhole(symbols, statement.filter);
      return;
    default:
      noteComposition(symbols, statement);
      return;
  }
}

function noteComposition(symbols: Symbols, statement: Statement): void {
  if (statement.kind === 'data' || !('template' in statement)) return;
  noteWhole(symbols, statement.template);
  if (statement.kind === 'import') store(symbols, statement.name);
  if (statement.kind === 'fromImport') for (const { alias } of statement.names) store(symbols, alias);
}

function noteIf(
  symbols: Symbols,
  branches: { test: Whole; body: Statement[] }[],
  otherwise: Statement[],
): void {
  const [first, ...more] = branches;
  if (first === undefined) return;
  noteWhole(symbols, first.test);
  if (![first, ...more].some(isBinding) && !bindsIn(otherwise)) {
    noteAllOf(symbols, branches, otherwise);
    return;
  }
  const body = branched(symbols, (one) => noteBody(one, first.body));
  const elifs = branched(symbols, (one) => {
    for (const { test, body: inner } of more) noteIf(one, [{ test, body: inner }], []);
  });
  const last = branched(symbols, (one) => noteBody(one, otherwise));
  join(symbols, [body, elifs, last]);
}

/** Whether statements give values to names of the scope around them. */
function bindsIn(body: readonly Statement[]): boolean {
  return body.some((one) => one.kind !== 'data' && one.kind !== 'output');
}

function isBinding({ body }: { body: readonly Statement[] }): boolean {
  return bindsIn(body);
}

/** Branches that only read names need not be told apart. */
function noteAllOf(
  symbols: Symbols,
  branches: { test: Whole; body: Statement[] }[],
  otherwise: Statement[],
): void {
  for (const { test, body } of branches) {
    noteWhole(symbols, test);
    noteBody(symbols, body);
  }
  noteBody(symbols, otherwise);
}

function branched(symbols: Symbols, note: (branch: Symbols) => void): Symbols {
  const { variables, loads, stores } = symbols;
  const branch: Symbols = {
    ...symbols,
    variables: new Map(variables),
    loads: new Map(loads),
    stores: new Set(stores),
  };
  note(branch);
  return branch;
}

/** What only some branches give a value to is taken from outside when the scope is entered. */
function join(symbols: Symbols, branches: readonly Symbols[]): void {
  const fresh = new Set(
    branches.flatMap(({ stores }) => [...stores].filter((name) => !symbols.stores.has(name))),
  );
  for (const { variables, loads, stores } of branches) {
    for (const [name, variable] of variables) symbols.variables.set(name, variable);
    for (const [variable, load] of loads) symbols.loads.set(variable, load);
    for (const name of stores) symbols.stores.add(name);
  }
  for (const name of fresh) {
    const variable = variableOf(symbols, name);
    const outer = symbols.parent && variableOf(symbols.parent, name);
    if (variable === undefined) continue;
    symbols.loads.set(
      variable,
      outer === undefined ? { kind: 'resolve', name } : { kind: 'alias', of: outer },
    );
  }
}
