import type { Scalar } from 'yaml';
import { problem } from '../problem.ts';
import type { Range } from '../text/range.ts';
import type { Report } from './report.ts';
import { hasStandardTag } from './tags.ts';
import type { ScalarNode } from './tree.ts';

/** A scalar with its type, told by how it is written: `1` is an integer, `1.0` a float, `"1"` a string. */
export function scalarNode(report: Report, scalar: Scalar, range: Range): ScalarNode {
  const { value } = scalar;
  switch (typeof value) {
    case 'string':
      // The parser takes only `3.0` for a float; `!!float 3` is one as well.
      if (hasStandardTag(scalar, 'float') && /^[-+]?\d+$/.test(value)) {
        return { kind: 'float', value: Number(value), range };
      }
      reportWrongTag(report, scalar, value, range);
      return { kind: 'string', value, range };
    case 'bigint':
      return { kind: 'integer', value, range };
    case 'number':
      return { kind: 'float', value, range };
    case 'boolean':
      return { kind: 'boolean', value, range };
  }
  if (value === null || value === undefined) return { kind: 'null', value: null, range };
  const message = 'a value of this kind has no place in configuration.json: write it as text, in quotes';
  report.problems.push(problem('yaml-syntax', { file: report.file, range }, message));
  return { kind: 'string', value: scalar.source ?? '', range };
}

/** A tag like `!!int` before what is none: the parser lets it pass as text. */
function reportWrongTag(report: Report, scalar: Scalar, value: string, range: Range): void {
  const tag = ['int', 'float', 'bool', 'null'].find((name) => hasStandardTag(scalar, name));
  if (tag === undefined) return;
  const message = `\`${value}\` is not what the tag \`!!${tag}\` stands for`;
  report.problems.push(problem('yaml-syntax', { file: report.file, range }, message));
}
