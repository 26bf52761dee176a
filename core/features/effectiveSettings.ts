import { builtInSlot } from '../layers/builtIn.ts';
import type { Context } from '../layers/context.ts';
import { mergeStack } from '../merge/merge.ts';
import { type EffectiveValue, type Setting, type StackLayer, winningSay } from '../merge/setting.ts';
import type { Range } from '../text/range.ts';
import type { Model } from '../workspace/model.ts';

/**
 * How a setting came to its value: one layer alone gives it (`own`), the highest of several does (`overridden`), several give elements of a list
 * (`appended`), nobody has given what a layer asks for (`placeholder`), or it is Strata's own (`builtIn`).
 */
export type SettingKind = 'own' | 'overridden' | 'appended' | 'placeholder' | 'builtIn';

/** A setting of an effective configuration that is no mapping, or an empty one. */
export interface EffectiveSetting {
  path: string[];
  value: EffectiveValue;
  kind: SettingKind;
  /** The layer that wins; empty for what Strata itself gives. */
  file: string;
  keyRange: Range;
}

/** Every setting of a context's effective configuration, in its order. */
export function effectiveSettings(model: Model, of: Context): EffectiveSetting[] {
  const stack = model.stack(of);
  const found: EffectiveSetting[] = [];
  addSettings(stack, mergeStack(stack, model.workspace.merge).root.entries, [], found);
  return found;
}

function addSettings(
  stack: readonly StackLayer[],
  entries: ReadonlyMap<string, Setting>,
  above: readonly string[],
  found: EffectiveSetting[],
): void {
  for (const [key, setting] of entries) {
    const path = [...above, key];
    const { value } = setting;
    const win = winningSay(setting);
    if (value === undefined || win === undefined) continue;
    if (value.kind === 'mapping' && holdsSomething(value.entries)) {
      addSettings(stack, value.entries, path, found);
      continue;
    }
    const { file = '', slot = builtInSlot } = stack[win.layer] ?? {};
    const kind = slot === builtInSlot ? 'builtIn' : settingKind(setting, value);
    found.push({ path, value, kind, file, keyRange: win.keyRange });
  }
}

function holdsSomething(entries: ReadonlyMap<string, Setting>): boolean {
  return [...entries.values()].some(({ value }) => value !== undefined);
}

function settingKind({ says }: Setting, value: EffectiveValue): SettingKind {
  if (value.kind === 'missing') return 'placeholder';
  if (value.kind === 'list' && new Set(value.parts.map(({ layer }) => layer)).size > 1) return 'appended';
  // A placeholder that was given is no value that was overridden.
  const given = says.filter(({ action }) => action !== 'refused' && action !== 'require');
  return given.length > 1 ? 'overridden' : 'own';
}
