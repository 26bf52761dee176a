import type { Context } from '../layers/context.ts';
import type { Range } from '../text/range.ts';
import { touches } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import { contextsOf } from '../workspace/workspace.ts';
import { parseText } from '../yaml/parse.ts';
import type { LayerNode } from '../yaml/tree.ts';
import { type Definitions, definitionOf } from './definition.ts';
import { explainSetting } from './explain.ts';
import { focusAmong } from './focus.ts';
import { type Hover, type HoverOptions, subjectHover } from './hover.ts';
import { type SettingAt, settingAt } from './settingAt.ts';
import type { Yaml } from './yamlOf.ts';

/** The tree of an effective document as it is shown, in which each key is one key. */
export function effectiveYaml(text: string): Yaml {
  return { text, root: parseText('', text, '1.2', { dottedKeys: false }).root };
}

/**
 * Where the setting at a place of a context's effective document comes from: the layer that wins, or for an element of a
 * list the very element of the layer that gives it. `undefined` for what Strata itself gives.
 */
export function effectiveDefinition(
  model: Model,
  of: Context,
  text: string,
  offset: number,
): Definitions | undefined {
  const at = shownAt(text, offset);
  if (at === undefined) return undefined;
  const { value, winner } = explainSetting(model, of, at.path);
  const element = elementSource(model, of, at, value, offset);
  if (element !== undefined) return element;
  const found = winner && definitionOf(winner);
  return found && { origin: at.keyRange, definitions: [found] };
}

/** The hover of the setting at a place of a context's effective document, from that context's side. */
export function effectiveHover(
  model: Model,
  of: Context,
  text: string,
  offset: number,
  linkTo: HoverOptions['linkTo'],
): Hover | undefined {
  const at = shownAt(text, offset);
  const focus = focusAmong(model, contextsOf(model.workspace, of.app), of);
  if (at === undefined || focus === undefined) return undefined;
  const { path, keyRange: origin } = at;
  const file = explainSetting(model, of, path).winner?.file ?? '';
  const subject = { path, origin, focus: { ...focus, active: of }, stale: false };
  return subjectHover(model, { file, offset: undefined }, subject, { chosen: of, linkTo });
}

function shownAt(text: string, offset: number): SettingAt | undefined {
  const { root } = effectiveYaml(text);
  return root?.kind === 'mapping' ? settingAt({ text, root }, offset) : undefined;
}

function elementSource(
  model: Model,
  of: Context,
  { value: shown, element }: SettingAt,
  value: ReturnType<typeof explainSetting>['value'],
  offset: number,
): Definitions | undefined {
  if (element === undefined || shown.kind !== 'list' || value?.kind !== 'list') return undefined;
  const [item, source] = [shown.items[element], value.items[element]];
  const file = source && model.stack(of)[source.layer]?.file;
  if (item === undefined || source === undefined || !file) return undefined;
  const { origin, keyRange, range } = sourceIn(item, source.node, offset);
  return { origin, definitions: [{ file, keyRange, range }] };
}

/** The same place in what a layer gives as in what is shown of it. */
function sourceIn(
  shown: LayerNode,
  source: LayerNode,
  offset: number,
): { origin: Range; keyRange: Range; range: Range } {
  const here = { origin: shown.range, keyRange: source.range, range: source.range };
  if (shown.kind === 'list' && source.kind === 'list') {
    const index = shown.items.findIndex((item) => touches(item.range, offset));
    const [item, below] = [shown.items[index], source.items[index]];
    return item && below ? sourceIn(item, below, offset) : here;
  }
  if (shown.kind !== 'mapping' || source.kind !== 'mapping') return here;
  for (const [key, { keyRange, value }] of shown.entries) {
    const entry = source.entries.get(key);
    if (entry === undefined || offset < keyRange.start || offset > value.range.end) continue;
    const end = Math.max(entry.keyRange.end, entry.value.range.end);
    const onKey = {
      origin: keyRange,
      keyRange: entry.keyRange,
      range: { start: entry.keyRange.start, end },
    };
    const isTree = entry.value.kind === 'mapping' || entry.value.kind === 'list';
    return isTree && !touches(keyRange, offset) ? sourceIn(value, entry.value, offset) : onKey;
  }
  return here;
}
