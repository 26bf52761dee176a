import { getScalarValue, type ScalarEvent } from 'js-yaml';
import { type Range, withoutBlankEnd } from '../../text/range.ts';
import { plainScalar } from '../plainScalar.ts';
import type { LayerNode } from '../tree.ts';
import { blockMark } from './places.ts';

/** The numbers that the parser has for the styles of scalars (`SCALAR_STYLE`). */
const PLAIN = 1;
const SINGLE_QUOTED = 2;
const DOUBLE_QUOTED = 3;

/**
 * Where a scalar stands, with its quotes or the mark of a block.
 * @param end where what stands before it ends.
 * @param emptyAt where one stands that is not written.
 * @returns `undefined` where that cannot be told.
 */
export function scalarRange(
  text: string,
  event: ScalarEvent,
  end: number,
  emptyAt: number | undefined,
): Range | undefined {
  const { style, valueStart, valueEnd } = event;
  if (style <= DOUBLE_QUOTED && spansLines(text, event)) return undefined;
  if (style === PLAIN) {
    if (valueStart !== -1) return { start: valueStart, end: valueEnd };
    // Where nothing stands behind an anchor, parsers see it in different places.
    const at = event.anchorStart === -1 ? Math.max(emptyAt ?? -1, event.tagEnd) : -1;
    return at === -1 ? undefined : { start: at, end: at };
  }
  if (style === SINGLE_QUOTED || style === DOUBLE_QUOTED) return { start: valueStart - 1, end: valueEnd + 1 };
  const start = blockMark(text, end);
  // Parsers differ about the blank lines that `|+` keeps, and about indents that are told by a number.
  if (start === undefined || /[-\d]?[+\d]/y.test(text.slice(start + 1, start + 3))) return undefined;
  const lineEnd = text.indexOf('\n', start);
  const headerEnd = lineEnd === -1 ? text.length : lineEnd;
  return withoutBlankEnd(text, { start, end: Math.max(headerEnd, valueEnd) });
}

/** Texts of several lines, and those below their tag or anchor: parsers differ about the odd ones among them. */
function spansLines(text: string, { anchorEnd, tagEnd, valueStart, valueEnd, fast }: ScalarEvent): boolean {
  if (valueStart === -1 || (fast && anchorEnd === -1 && tagEnd === -1)) return false;
  const start = Math.min(...[anchorEnd, tagEnd, valueStart].filter((at) => at !== -1));
  const lineEnd = text.indexOf('\n', start);
  return lineEnd !== -1 && lineEnd < valueEnd;
}

/** What a scalar says; `undefined` for a tag that is left to the other parser. */
export function readScalar(text: string, event: ScalarEvent, range: Range): LayerNode | undefined {
  const value = getScalarValue(text, event);
  if (event.tagStart === -1) {
    return event.style === PLAIN ? plainScalar(value, range) : { kind: 'string', value, range };
  }
  const tagged = { start: event.tagStart, end: range.end === range.start ? event.tagEnd : range.end };
  switch (text.slice(event.tagStart, event.tagEnd)) {
    case '!missing':
      return { kind: 'missing', range: tagged, reason: value.trim() };
    case '!deleted':
      return { kind: 'deleted', range: tagged };
    default:
      return undefined;
  }
}

/** The text of a key; `undefined` for one that is not written. */
export function keyText(text: string, event: ScalarEvent): string | undefined {
  return event.valueStart === -1 ? undefined : getScalarValue(text, event);
}
