import type { Edit } from '../../text/edits.ts';
import { lineEndAt } from '../../text/lineEnds.ts';
import type { Model } from '../../workspace/model.ts';
import { shifted } from '../../yaml/edit/indent.ts';
import { joins, keyText } from '../../yaml/edit/insertSetting.ts';
import { settingText } from '../../yaml/edit/settingText.ts';
import { columnOf, pairAt, startsLine, type WrittenPair, type WrittenText } from '../../yaml/edit/written.ts';
import { keyParts } from '../../yaml/entries.ts';
import { endOfToken, rawName } from '../completion/tokens.ts';
import { entriesOn } from '../rename/affected.ts';
import { isAlias } from '../settingAt.ts';
import type { Action, ActionRequest, Change } from './action.ts';
import { guarded } from './guard.ts';
import { inFile, type SettingHere, settingHere, writtenLayer } from './place.ts';

/** Writes a dotted key as nested keys, and a mapping with one key as a dotted key. */
export function dottedKeyActions(request: ActionRequest): Action[] {
  const at = settingHere(request);
  if (at === undefined || !at.onKey) return [];
  return [...splitActions(request, at), ...joinActions(request, at)];
}

function splitActions({ model, file }: ActionRequest, at: SettingHere): Action[] {
  const key = keyAround(at);
  const parts = keyParts(key);
  const top = entriesOn(at.layer.root, at.path).find(({ dotted, also }) => dotted || also);
  // Beside the mapping itself, written out, there would be two of it.
  if (parts.length < 2 || !top?.dotted) return [];
  const change = () => changed(model, file, at, splitEdits);
  return [{ title: `Split \`${key}\` into nested keys`, kind: 'refactor.rewrite', change }];
}

/** The whole dotted key of which the cursor is on a part. */
function keyAround({ layer: { text }, keyRange }: SettingHere): string {
  let { start } = keyRange;
  while (start > 0 && !/[\s,{]/.test(text[start - 1] ?? '')) start--;
  const end = endOfToken(text, start, lineEndAt(text, start), true);
  return rawName(text, { start, end });
}

function joinActions({ model, file }: ActionRequest, at: SettingHere): Action[] {
  const { layer, value, path, keyRange } = at;
  const [inner, ...others] = value.kind === 'mapping' ? value.entries : [];
  if (inner === undefined || others.length > 0 || isAlias(layer, value)) return [];
  const [name, { inherited, keyRange: innerKey, also }] = inner;
  const entry = entriesOn(layer.root, path).at(-1);
  if (inherited || also || entry?.dotted || entry?.also || entry?.inherited) return [];
  // A comment, an anchor or a tag between the keys would have no place.
  if (!/^["']?\s*:[\s{]*$/.test(layer.text.slice(keyRange.end, innerKey.start))) return [];
  if (!joins([...path.slice(-1), name])) return [];
  const title = `Join into \`${path.at(-1)}.${name}\``;
  return [{ title, kind: 'refactor.rewrite', change: () => changed(model, file, at, joinEdits) }];
}

/** The layer must say the same afterwards. */
function changed(
  model: Model,
  file: string,
  { keyRange }: SettingHere,
  edit: (written: WrittenText, pair: WrittenPair) => Edit[] | undefined,
): Change | undefined {
  const written = writtenLayer(model, file);
  const pair = written && pairAt(written, keyRange.start);
  const edits = written && pair && edit(written, pair);
  return guarded(model, edits && { edits: inFile(file, edits) }, { paths: [] });
}

function splitEdits(written: WrittenText, pair: WrittenPair): Edit[] | undefined {
  const { text, step, lineBreak, json } = written;
  const flow = pair.mapping.flow;
  const names = pair.parts.map((part) =>
    pair.quote === '' || json ? keyText(part, [], flow, json) : pair.quote + part + pair.quote,
  );
  if (!flow) {
    const parents = names.slice(0, -1).map((name, index) => `${' '.repeat(index * step)}${name}:`);
    const depth = parents.length * step;
    return rewritten(
      written,
      pair,
      pair,
      (lines) => {
        const [value = '', ...rest] = lines;
        return [
          ...parents,
          `${' '.repeat(depth)}${names.at(-1)}:${value}`,
          ...rest.map((line) => shifted(line, depth)),
        ];
      },
      lineBreak,
    );
  }
  if (pair.value === undefined || text[pair.end - 1] === '\n') return undefined;
  const close = '}'.repeat(names.length - 1);
  return [
    { range: pair.key, text: names.join(': {') },
    { range: { start: pair.end, end: pair.end }, text: close },
  ];
}

function joinEdits(written: WrittenText, pair: WrittenPair): Edit[] | undefined {
  const { text, lineBreak, json } = written;
  const [child, ...others] = pair.inner?.pairs ?? [];
  if (child === undefined || others.length > 0) return undefined;
  const key = keyText([...pair.parts, ...child.parts].join('.'), [pair], pair.mapping.flow, json);
  if (child.mapping.flow) {
    const close = /^\s*\}/.exec(text.slice(child.end))?.[0].length;
    if (close === undefined) return undefined;
    return [
      { range: { start: pair.key.start, end: child.key.end }, text: key },
      { range: { start: child.end, end: child.end + close }, text: '' },
    ];
  }
  return rewritten(written, pair, child, ([value = '', ...rest]) => [`${key}:${value}`, ...rest], lineBreak);
}

/** Puts other lines in place of a pair in a block mapping, made of the lines of a value as if its key stood in column 0. */
function rewritten(
  written: WrittenText,
  pair: WrittenPair,
  source: WrittenPair,
  lines: (value: readonly string[]) => string[],
  lineBreak: string,
): Edit[] | undefined {
  const { text, step } = written;
  const setting = startsLine(text, pair) ? settingText(written, source) : undefined;
  if (setting === undefined) return undefined;
  const column = columnOf(text, pair.key.start);
  const [first = '', ...rest] = lines(setting.block(step));
  const isKept = text[source.end - 1] === '\n';
  const all = [first, ...rest.map((line) => shifted(line, column))].join(lineBreak);
  const range = { start: pair.key.start, end: isKept ? source.end : lineEndAt(text, source.end) };
  return [{ range, text: isKept ? all + lineBreak : all }];
}
