import type { Range } from './text/range.ts';

/** Every code a problem can have. Documentation, tests and quick fixes key on them. */
export const problemCodes = [
  'type-mismatch',
  'missing-value',
  'yaml-syntax',
  'duplicate-key',
  'not-a-mapping',
  'several-documents',
  'unreadable-layer',
  'ambiguous-layer',
  'unreachable-layer',
  'redundant-override',
  'likely-typo',
  'environment-gap',
  'public-key-missing',
  'schema',
  'template-undefined',
  'manifest',
  'steps',
] as const;

export type ProblemCode = (typeof problemCodes)[number];
export type Severity = 'error' | 'warning';

/** A second place that explains a problem: the layer below, the first of two equal keys. */
export interface RelatedPlace {
  message: string;
  file: string;
  range: Range;
}

/** Something wrong in a file, as data: no exception ever leaves the core. */
export interface Problem {
  code: ProblemCode;
  severity: Severity;
  message: string;
  file: string;
  range: Range;
  /** The dotted path of the setting it is about, where it is about one. */
  setting?: string;
  /** The same as the keys on the way to it. */
  path?: readonly string[];
  related: RelatedPlace[];
  /** The name that was probably meant by the one that stands there. */
  meant?: string;
  /** What stands there could be left out. */
  unnecessary?: true;
}

const warnings: ReadonlySet<ProblemCode> = new Set([
  'ambiguous-layer',
  'unreachable-layer',
  'redundant-override',
  'likely-typo',
  'environment-gap',
]);

/** Makes a problem; its severity follows from its code. */
export function problem(
  code: ProblemCode,
  at: { file: string; range: Range },
  message: string,
  more: Partial<Pick<Problem, 'setting' | 'path' | 'related' | 'meant' | 'unnecessary'>> = {},
): Problem {
  const { related = [], path } = more;
  const severity = warnings.has(code) ? 'warning' : 'error';
  const setting = path === undefined ? {} : { setting: path.join('.') };
  return { code, severity, message, file: at.file, range: at.range, ...setting, ...more, related };
}
