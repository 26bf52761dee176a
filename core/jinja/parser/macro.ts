import type { MacroBody, Parameter, Statement } from '../nodes.ts';
import { parseExpression } from './expression.ts';
import { expectSign, isSign, type Reader, syntax, takeSign } from './reader.ts';
import { parseLast, whole } from './statement.ts';
import { namesOf, parseStoredName } from './target.ts';

export function parseMacro(reader: Reader, at: number): Statement {
  const name = parseStoredName(reader);
  return { kind: 'macro', at, name, macro: parseInside(reader, at, 'endmacro', parseSignature(reader)) };
}

export function parseCallBlock(reader: Reader, at: number): Statement {
  const signature = isSign(reader, '(') ? parseSignature(reader) : { parameters: [], fallbackNames: [] };
  const call = whole(reader, parseExpression);
  if (call.of.kind !== 'call') syntax(reader, 'expected call', at);
  return { kind: 'callBlock', at, call, macro: parseInside(reader, at, 'endcall', signature) };
}

type Signature = Pick<MacroBody, 'parameters' | 'fallbackNames'>;

function parseInside(reader: Reader, at: number, end: string, signature: Signature): MacroBody {
  const { loops } = reader;
  reader.loops = 0;
  const { value: body, names } = namesOf(reader, (one) => parseLast(one, end));
  reader.loops = loops;
  return { at, ...signature, body, names };
}

function parseSignature(reader: Reader): Signature {
  const { value: parameters, names } = namesOf(reader, parseParameters);
  return { parameters, fallbackNames: names.filter(({ stored }) => !stored) };
}

function parseParameters(reader: Reader): Parameter[] {
  const parameters: Parameter[] = [];
  expectSign(reader, '(');
  while (!isSign(reader, ')')) {
    if (parameters.length > 0) expectSign(reader, ',');
    const name = parseStoredName(reader);
    if (parameters.some((one) => one.name === name)) syntax(reader, `parameter '${name}' stands there twice`);
    const fallback = takeSign(reader, '=') ? parseExpression(reader) : undefined;
    if (fallback === undefined && parameters.at(-1)?.fallback !== undefined) {
      syntax(reader, 'non-default argument follows default argument');
    }
    parameters.push({ name, fallback });
  }
  reader.at++;
  return parameters;
}
