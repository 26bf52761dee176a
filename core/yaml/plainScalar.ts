import type { Range } from '../text/range.ts';
import type { ScalarNode } from './tree.ts';

const nothing = /^(?:~|[Nn]ull|NULL)?$/;
const yes = /^(?:[Tt]rue|TRUE)$/;
const no = /^(?:[Ff]alse|FALSE)$/;
const decimal = /^[-+]?[0-9]+$/;
const otherBase = /^(?:0o[0-7]+|0x[0-9a-fA-F]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const noNumber = /^(?:([-+]?)\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/;

/**
 * A scalar that is written without quotes, with the type that its letters have in YAML 1.2's core schema
 * (https://yaml.org/spec/1.2.2/#103-core-schema): `1` is an integer, `1.0` a float, `one` a string.
 */
export function plainScalar(text: string, range: Range): ScalarNode {
  // Most texts are told from all else by their first letter.
  if (!/^[-+.0-9~nNtTfF]/.test(text) && text !== '') return { kind: 'string', value: text, range };
  if (decimal.test(text)) return { kind: 'integer', value: integer(text), range };
  if (float.test(text)) return { kind: 'float', value: Number(text), range };
  if (nothing.test(text)) return { kind: 'null', value: null, range };
  if (yes.test(text)) return { kind: 'boolean', value: true, range };
  if (no.test(text)) return { kind: 'boolean', value: false, range };
  if (otherBase.test(text)) return { kind: 'integer', value: BigInt(text), range };
  const special = noNumber.exec(text);
  if (special === null) return { kind: 'string', value: text, range };
  const [, sign] = special;
  const value = sign === undefined ? Number.NaN : sign === '-' ? -Infinity : Infinity;
  return { kind: 'float', value, range };
}

function integer(text: string): bigint {
  return BigInt(text.startsWith('+') ? text.slice(1) : text);
}
