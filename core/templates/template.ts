import type { Range } from '../text/range.ts';
import type { Block } from './tokens.ts';

/** The variables that a template gets: the whole configuration, the app's section of it, the common one. */
export type Root = 'conf' | 'aconf' | 'cconf';

/** A setting as a template names it: from one of its variables on. */
export interface Origin {
  root: Root;
  path: readonly string[];
}

/** One part of a reference, as it is written. */
export interface ReferencePart {
  /** The name's own characters, without quotes. */
  range: Range;
  /** How many names below the root are named up to here. */
  length: number;
  /** A variable that stands for all up to here, a name behind a dot, or a text in quotes. */
  written: 'variable' | 'name' | 'string';
  /** For a name: where its dot stands. */
  dot?: number;
}

/** A place of a template that names a setting. */
export interface TemplateReference extends Origin {
  path: string[];
  /** In the order of the text. */
  parts: ReferencePart[];
  range: Range;
  /** Lengths up to which the path need not be there: it is tested, looked up, or has a default. */
  optional: readonly number[];
  /** What it is where the last name is not there: nothing at all, null, something empty, or what is not known. */
  absent: 'undefined' | 'null' | 'empty' | 'unknown';
  /** What must hold for this place to be reached. */
  condition: Condition | undefined;
  /** It goes on under another name: in a variable, or as an argument. */
  passed: boolean;
}

/** What must hold for a place to be reached, together with what `outer` says. */
export interface Condition {
  expression: Expression;
  /** Whether the expression must be true or false. */
  wanted: boolean;
  outer: Condition | undefined;
}

/** An expression, as far as it can be known without rendering. */
export type Expression =
  | { kind: 'literal'; value: string | number | boolean | null }
  | { kind: 'setting' | 'defined'; of: TemplateReference }
  | { kind: 'not'; of: Expression }
  | { kind: 'all' | 'any'; of: Expression[] }
  | { kind: 'equal'; left: Expression; right: Expression }
  | { kind: 'list'; of: Expression[] }
  | { kind: 'among'; item: Expression; list: Expression }
  /** Whether the last name of the reference is in the mapping, list or text above it. */
  | { kind: 'contains'; of: TemplateReference }
  | { kind: 'unknown' };

/** A name that is looked up in a value which may hold settings: what it reaches cannot be known. */
export interface Access {
  /** `undefined` for a name that is computed. */
  name: string | undefined;
  range: Range;
  /** Where the value may come from: `anything` for a parameter of a macro. */
  origins: readonly Origin[] | 'anything';
  /** The value is the origin itself, and no part of it. */
  exact: boolean;
}

/** A place where a name of a setting can be typed. */
export interface OpenPlace {
  /** What stands there between the quotes, or nothing. */
  range: Range;
  /** The mapping whose names are wanted. */
  of: Origin;
  written: 'name' | 'string' | 'bracket';
  /** Where the dot or bracket before it stands. */
  before: number;
}

/** What a template says, of any text. */
export interface Template {
  blocks: Block[];
  /** In the order in which they are read. */
  references: TemplateReference[];
  /** The same, put together by what they name. */
  settings: TemplateReference[][];
  accesses: Access[];
  open: OpenPlace[];
}
