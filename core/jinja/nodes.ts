import type { Value } from './value.ts';

/** An expression; `at` is the offset that failures of it are told at. */
export type Expression = { at: number } & (
  | { kind: 'constant'; value: Value }
  | { kind: 'name'; name: string }
  | { kind: 'tuple' | 'list'; items: Expression[] }
  | { kind: 'dict'; items: [key: Expression, value: Expression][] }
  | { kind: 'concat'; items: Expression[] }
  | { kind: 'choice'; test: Expression; then: Expression; otherwise: Expression | undefined }
  | { kind: 'and' | 'or'; left: Expression; right: Expression }
  | { kind: 'not'; of: Expression }
  | { kind: 'negative' | 'positive'; of: Expression }
  | { kind: 'arithmetic'; sign: string; left: Expression; right: Expression }
  | { kind: 'comparison'; first: Expression; rest: { sign: string; of: Expression }[] }
  | { kind: 'attribute'; of: Expression; name: string }
  | { kind: 'item'; of: Expression; key: Expression }
  | { kind: 'slice'; of: Expression; bounds: (Expression | undefined)[] }
  | CallExpression
  | FilterExpression
  | TestExpression
);

export interface CallExpression {
  kind: 'call';
  at: number;
  of: Expression;
  given: GivenArguments;
}

export interface FilterExpression {
  kind: 'filter';
  at: number;
  name: string;
  /** What is filtered; none at the head of `{% filter %}` and `{% set x | … %}`. */
  of: Expression | undefined;
  given: GivenArguments;
}

export interface TestExpression {
  kind: 'test';
  at: number;
  name: string;
  of: Expression;
  given: GivenArguments;
}

/** The arguments as they are written. */
export interface GivenArguments {
  args: Expression[];
  named: { name: string; value: Expression }[];
  rest: Expression | undefined;
  restNamed: Expression | undefined;
}

/** Something that is given a value. */
export type Target = { at: number } & (
  | { kind: 'name'; name: string }
  | { kind: 'namespace'; name: string; attribute: string }
  | { kind: 'tuple'; items: Target[] }
);

/** A name that is read or given a value, in the order of the template. */
export interface NameUse {
  name: string;
  stored: boolean;
}

/** An expression with the names in it. */
export interface Whole {
  of: Expression;
  names: readonly NameUse[];
}

export interface Parameter {
  name: string;
  fallback: Expression | undefined;
}

/** The inside of a macro or of `{% call %}`. */
export interface MacroBody {
  at: number;
  parameters: Parameter[];
  /** The names that the fallbacks use. */
  fallbackNames: readonly NameUse[];
  body: Statement[];
  names: readonly NameUse[];
}

export interface BlockStatement {
  kind: 'block';
  at: number;
  name: string;
  scoped: boolean;
  required: boolean;
  body: Statement[];
  names: readonly NameUse[];
}

export interface ForStatement {
  kind: 'for';
  at: number;
  target: Target;
  over: Whole;
  test: Whole | undefined;
  recursive: boolean;
  body: Statement[];
  otherwise: Statement[];
  /** The names within its body. */
  names: readonly NameUse[];
}

export type Statement = { at: number } & (
  | { kind: 'data'; text: string }
  | { kind: 'output'; value: Whole }
  | { kind: 'if'; branches: { test: Whole; body: Statement[] }[]; otherwise: Statement[] }
  | ForStatement
  | { kind: 'set'; target: Target; value: Whole }
  | { kind: 'setBlock'; target: Target; filter: Whole | undefined; body: Statement[] }
  | { kind: 'with'; targets: Target[]; values: Whole[]; body: Statement[] }
  | { kind: 'macro'; name: string; macro: MacroBody }
  | { kind: 'callBlock'; call: Whole; macro: MacroBody }
  | { kind: 'filterBlock'; filter: Whole; body: Statement[] }
  | { kind: 'include'; template: Whole; ignoreMissing: boolean; withContext: boolean }
  | { kind: 'import'; template: Whole; name: string; withContext: boolean }
  | { kind: 'fromImport'; template: Whole; names: { name: string; alias: string }[]; withContext: boolean }
  | { kind: 'extends'; template: Whole }
  | BlockStatement
);

/** A template that was read. */
export interface ParsedTemplate {
  name: string;
  isExtending: boolean;
  body: Statement[];
  blocks: Map<string, BlockStatement>;
  names: readonly NameUse[];
}
