import { lineEndAt, lineStartAt, nextLineAt } from '../../text/lineEnds.ts';
import { yamlTokens } from '../tokens.ts';
import { commentsAbove } from './comments.ts';
import { flowText } from './flowText.ts';
import { lineShifts, shifted } from './indent.ts';
import { columnOf, startsLine, type WrittenPair, type WrittenText } from './written.ts';

/** What is to stand behind a key, as text that fits where it comes to stand. */
export interface SettingText {
  /** The comment lines above the key, without indent. */
  above: readonly string[];
  /** What stands behind the colon in a block mapping: further lines as if the key stood in column 0. */
  block(step: number): readonly string[];
  /** The value on one line, for between braces; `undefined` where that cannot be, or would lose a comment. */
  flow(json: boolean): string | undefined;
}

/** A value that is one word. @param json whether it can stand in a JSON file as well. */
export function plainSetting(value: string, json: boolean): SettingText {
  return {
    above: [],
    block: () => [value === '' ? '' : ` ${value}`],
    flow: (isJson) => (isJson && !json ? undefined : value || 'null'),
  };
}

/**
 * A setting as it is written in another layer, with the comments that belong to it; `undefined` where it cannot be
 * told apart from what stands around it.
 */
export function settingText(written: WrittenText, pair: WrittenPair): SettingText | undefined {
  const { text } = written;
  const isBlock = !pair.mapping.flow;
  if (isBlock && !startsLine(text, pair)) return undefined;
  const lineStart = lineStartAt(text, pair.key.start);
  const above = isBlock
    ? linesIn(text, commentsAbove(text, lineStart), lineStart).map((line) => line.trim())
    : [];
  const end = isBlock && text[pair.end - 1] !== '\n' ? lineEndAt(text, pair.end) : pair.end;
  const hasComments = above.length > 0 || yamlTokens(text.slice(pair.key.start, end)).some(isComment);
  const flow = (json: boolean) => (hasComments ? undefined : flowText(text, pair.value, json));
  if (isBlock) return { above, block: (step) => blockLines(text, pair, end, step), flow };
  const line = flow(false);
  return line === undefined ? undefined : { above, block: () => [` ${line}`], flow };
}

/** The value of a setting without its comments, to be given to another. */
export function bareSetting(written: WrittenText, pair: WrittenPair): SettingText | undefined {
  const { text } = written;
  const flow = (json: boolean) => flowText(text, pair.value, json);
  const isOneLine = !/[\r\n]/.test(text.slice(pair.key.end, pair.end));
  const whole = isOneLine ? undefined : settingText(written, pair);
  if (whole !== undefined) return { above: [], block: whole.block, flow };
  const line = flow(false);
  return line === undefined ? undefined : { above: [], block: () => [` ${line}`], flow };
}

function isComment({ kind }: { kind: string }): boolean {
  return kind === 'comment';
}

function linesIn(text: string, start: number, end: number): string[] {
  const lines: string[] = [];
  for (let at = start; at < end; at = nextLineAt(text, at)) lines.push(text.slice(at, lineEndAt(text, at)));
  return lines;
}

function blockLines(text: string, pair: WrittenPair, end: number, step: number): string[] {
  const colon = text.indexOf(':', pair.key.end) + 1;
  const first = text.slice(colon, Math.min(end, lineEndAt(text, colon))).trimEnd();
  const shifts = lineShifts(text, pair, step);
  const starts: number[] = [];
  for (let at = nextLineAt(text, colon); at < end; at = nextLineAt(text, at)) starts.push(at);
  let shift = -columnOf(text, pair.key.start);
  const rest = starts.map((start) => {
    const line = text.slice(start, Math.min(end, lineEndAt(text, start)));
    const own = shifts.get(start);
    shift = own ?? shift;
    return shifted(line, own ?? commentShift(text, start, shifts) ?? shift);
  });
  return [first === '' || /^\s/.test(first) ? first : ` ${first}`, ...rest];
}

/** A comment line goes with the key below it that stands as far in as the comment. */
function commentShift(text: string, start: number, shifts: ReadonlyMap<number, number>): number | undefined {
  const comment = /^( *)#/.exec(text.slice(start, lineEndAt(text, start)));
  if (comment === null) return undefined;
  for (const [line, shift] of shifts) {
    if (line > start) return /^ */.exec(text.slice(line))?.[0] === comment[1] ? shift : undefined;
  }
  return undefined;
}
