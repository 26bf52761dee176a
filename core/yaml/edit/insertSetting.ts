import type { Edit } from '../../text/edits.ts';
import { lineEndAt, lineStartAt } from '../../text/lineEnds.ts';
import { keyParts } from '../entries.ts';
import { isPlainSafe } from '../quoting.ts';
import { shifted } from './indent.ts';
import type { SettingText } from './settingText.ts';
import { columnOf, startsLine, type WrittenMapping, type WrittenPair, type WrittenText } from './written.ts';

/** Where a new setting comes to stand. */
interface Place {
  /** The deepest mapping on the way that is there; `undefined` for one that is still empty: below `after`. */
  mapping: WrittenMapping | undefined;
  /** The pair that it stands behind. */
  after: WrittenPair | undefined;
  /** The keys that are not there yet: one dotted key where dotted keys stand beside it. */
  keys: string[];
}

/**
 * The edits that give a setting in a text, in the way the text is written: behind the last key of the deepest mapping
 * on the way that is there already. `undefined` where the text says something of it, or cannot take it.
 */
export function insertSetting(
  written: WrittenText,
  path: readonly string[],
  setting: SettingText,
): Edit[] | undefined {
  if (written.root === undefined) return intoEmpty(written, path, setting);
  const place = placeFor(written.root, path);
  if (place === undefined) return undefined;
  if (place.mapping?.flow) return intoFlow(written, place.mapping, place.keys, setting);
  return intoBlock(written, place, setting);
}

function placeFor(mapping: WrittenMapping, path: readonly string[]): Place | undefined {
  const shared = mapping.pairs.filter(({ parts }) => parts[0] === path[0]);
  if (shared.length === 0) return { mapping, after: mapping.pairs.at(-1), keys: [...path] };
  const taken = shared.some(({ parts }) => path.every((part, index) => part === parts[index]));
  if (taken) return undefined;
  const on = shared.find(({ parts }) => parts.every((part, index) => part === path[index]));
  if (on === undefined)
    return joins(path) ? { mapping, after: shared.at(-1), keys: [path.join('.')] } : undefined;
  const rest = path.slice(on.parts.length);
  if (on.inner) return placeFor(on.inner, rest);
  const isEmpty = on.value === undefined || (on.value.range?.[0] === on.value.range?.[1] && !hasTag(on));
  return isEmpty && !mapping.flow ? { mapping: undefined, after: on, keys: rest } : undefined;
}

function hasTag({ value }: WrittenPair): boolean {
  const { tag, anchor } = (value ?? {}) as { tag?: string; anchor?: string };
  return tag !== undefined || anchor !== undefined;
}

function intoBlock(
  written: WrittenText,
  { mapping, after, keys }: Place,
  setting: SettingText,
): Edit[] | undefined {
  const { text, lineBreak, step } = written;
  const first = mapping?.pairs[0] ?? after;
  if (first === undefined || after === undefined || !startsLine(text, first)) return undefined;
  const column = columnOf(text, first.key.start) + (mapping === undefined ? step : 0);
  const lines = blockLines(written, mapping?.pairs ?? [], keys, setting);
  const block = lines.map((line) => shifted(line, column));
  if (text[after.end - 1] === '\n') {
    return [insertion(after.end, block.map((line) => line + lineBreak).join(''))];
  }
  const behind = text.slice(after.end, lineEndAt(text, after.end));
  if (!/^\s*(?:#|$)/.test(behind)) return undefined;
  return [insertion(lineEndAt(text, after.end), block.map((line) => lineBreak + line).join(''))];
}

/** The lines of a setting below the keys that are new, as if they stood in column 0. */
function blockLines(
  { step }: WrittenText,
  beside: readonly WrittenPair[],
  keys: readonly string[],
  setting: SettingText,
): string[] {
  const names = keys.map((key, index) => keyText(key, index === 0 ? beside : [], false));
  const parents = names.slice(0, -1).map((name, index) => `${' '.repeat(index * step)}${name}:`);
  const [value = '', ...rest] = setting.block(step);
  const own = [...setting.above, `${names.at(-1)}:${value}`, ...rest];
  return [...parents, ...own.map((line) => shifted(line, parents.length * step))];
}

function intoFlow(
  written: WrittenText,
  { pairs, range }: WrittenMapping,
  keys: readonly string[],
  setting: SettingText,
): Edit[] | undefined {
  const { text, lineBreak, json } = written;
  const value = flowPair(keys, pairs, setting, json);
  if (value === undefined) return undefined;
  const last = pairs.at(-1);
  if (last === undefined) return intoBraces(written, range, value);
  const comma = /^\s*,/.exec(text.slice(last.end))?.[0].length;
  const end = last.end + (comma ?? 0);
  const behind = text.slice(end, lineEndAt(text, end));
  const ownLine = startsLine(text, last) && lineStartAt(text, last.key.start) > range.start;
  if (!ownLine || !/^\s*(?:#.*)?$/.test(behind)) {
    return [insertion(end, comma === undefined ? `, ${value}` : ` ${value}`)];
  }
  const indent = ' '.repeat(columnOf(text, last.key.start));
  const line = insertion(lineEndAt(text, end), `${lineBreak}${indent}${value}`);
  if (comma !== undefined) return [line];
  if (line.range.start === last.end) return [insertion(last.end, `,${line.text}`)];
  return [insertion(last.end, ','), line];
}

/** Between braces with nothing in them; in JSON on a line of its own. */
function intoBraces(
  { text, lineBreak, step, json }: WrittenText,
  range: WrittenMapping['range'],
  value: string,
): Edit[] | undefined {
  const inside = { start: range.start + 1, end: range.end - 1 };
  if (text.slice(inside.start, inside.end).trim() !== '') return undefined;
  if (!json) return [{ range: inside, text: value }];
  const indent = /^[ \t]*/.exec(text.slice(lineStartAt(text, range.start)))?.[0] ?? '';
  return [{ range: inside, text: `${lineBreak}${indent}${' '.repeat(step)}${value}${lineBreak}${indent}` }];
}

function flowPair(
  keys: readonly string[],
  beside: readonly WrittenPair[],
  setting: SettingText,
  json: boolean,
): string | undefined {
  const value = setting.flow(json);
  const last = keys.length - 1;
  return keys.reduceRight<string | undefined>(
    (inner, key, index) => {
      if (inner === undefined) return undefined;
      const pair = `${keyText(key, index === 0 ? beside : [], true, json)}: ${inner}`;
      return index === 0 ? pair : `{${pair}}`;
    },
    last < 0 ? undefined : value,
  );
}

function intoEmpty(written: WrittenText, path: readonly string[], setting: SettingText): Edit[] | undefined {
  const { text, lineBreak, json, step } = written;
  if (json) {
    const pair = flowPair(path, [], setting, true);
    const value = pair && `{${lineBreak}${' '.repeat(step)}${pair}${lineBreak}}${lineBreak}`;
    return value === undefined || text.trim() !== ''
      ? undefined
      : [{ range: { start: 0, end: text.length }, text: value }];
  }
  const lines = blockLines(written, [], path, setting);
  const end = /^\.\.\.(?=\s|$)/m.exec(text)?.index ?? text.length;
  const isOpen = end > 0 && text[end - 1] !== '\n';
  const block = lines.join(lineBreak);
  return [insertion(end, isOpen ? lineBreak + block : block + lineBreak)];
}

/** A key as the keys beside it are written: in the quotes that all of them have, else in quotes only where it must be. */
export function keyText(key: string, beside: readonly WrittenPair[], flow: boolean, json = false): string {
  const quote = json ? '"' : commonQuote(beside);
  if (quote === "'" && isPlainSafe(key, false)) return `'${key.replaceAll("'", "''")}'`;
  return quote === undefined && isPlainSafe(key, flow) ? key : JSON.stringify(key);
}

function commonQuote(beside: readonly WrittenPair[]): string | undefined {
  const quote = beside[0]?.quote;
  return quote !== '' && beside.every((pair) => pair.quote === quote) ? quote : undefined;
}

function insertion(at: number, text: string): Edit {
  return { range: { start: at, end: at }, text };
}

/** Whether a dotted key would be read as these keys. */
export function joins(keys: readonly string[]): boolean {
  const parts = keyParts(keys.join('.'));
  return parts.length === keys.length && parts.every((part, index) => part === keys[index]);
}
