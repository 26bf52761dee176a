import { type Context, sameContext } from '../layers/context.ts';
import { mergeStack } from '../merge/merge.ts';
import {
  type EffectiveMapping,
  type Say,
  type Setting,
  type StackLayer,
  winningSay,
} from '../merge/setting.ts';
import { baseName } from '../text/paths.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';
import type { Entry, MappingNode } from '../yaml/tree.ts';
import { valueText } from './explain.ts';
import { focusOn } from './focus.ts';
import { shortened } from './markdown.ts';

/** A few words behind a value. */
export interface InlayHint {
  /** The end of the value. */
  offset: number;
  text: string;
}

const mostLetters = 40;

/**
 * What the active context gets instead of the values of a layer that do not win there, for those in a stretch of
 * the file. None for a layer that the active context does not load.
 */
export function inlayHints(
  model: Model,
  file: string,
  within: Range,
  chosen: Context | undefined,
): InlayHint[] {
  const active = focusOn(model, file, chosen)?.active;
  const isLoaded = active && model.readers(file).some((of) => sameContext(of, active));
  if (active === undefined || !isLoaded) return [];
  const stack = model.stack(active);
  const own = stack.findIndex((one) => one.file === file);
  const layer = stack[own]?.layer;
  if (layer === undefined) return [];
  const { root } = mergeStack(stack, model.workspace.merge);
  const hints: InlayHint[] = [];
  visit(layer.root, root, within, (entry, setting) => {
    const winner = overriding(setting, own);
    if (winner) hints.push({ offset: entry.value.range.end, text: hintText(setting, stack[winner.layer]) });
  });
  return hints;
}

/** Goes through the settings of a layer that lie in the stretch, each with what it is in the end. */
function visit(
  mapping: MappingNode,
  merged: EffectiveMapping,
  within: Range,
  found: (entry: Entry, setting: Setting) => void,
): void {
  for (const [key, entry] of mapping.entries) {
    const { start, end } = {
      start: entry.keyRange.start,
      end: Math.max(entry.keyRange.end, entry.value.range.end),
    };
    const setting = merged.entries.get(key);
    if (setting === undefined || entry.inherited || end < within.start || start > within.end) continue;
    if (entry.value.kind !== 'mapping') found(entry, setting);
    else if (setting.value?.kind === 'mapping') visit(entry.value, setting.value, within, found);
    else found(entry, setting);
  }
}

/** The say that took the place of this layer's; `undefined` where this layer's still counts. */
function overriding(setting: Setting, own: number): Say | undefined {
  const mine = setting.says.find((say) => say.layer === own);
  const last = winningSay(setting);
  if (mine === undefined || mine.action === 'delete' || last === undefined || last.layer <= own)
    return undefined;
  const later = setting.says.filter((say) => say.layer > own && say.action !== 'refused');
  return later.every((say) => say.action === 'append') ? undefined : last;
}

function hintText(setting: Setting, winner: StackLayer | undefined): string {
  const value = setting.value === undefined ? 'not set' : shortened(valueText(setting.value), mostLetters);
  return `→ ${value} (${baseName(winner?.file ?? '')})`;
}
