import type { ContextName } from '../../../protocol/contexts.ts';
import type { EffectiveSetting } from '../../../protocol/settings.ts';

/** Which settings the tree shows; all where nothing is said. */
export interface SettingFilter {
  /** Part of a setting's name or value, whatever its case; several words must all be there. */
  text?: string;
  /** Only settings that are not the same in this context. */
  differsFrom?: ContextName;
  /** Only settings whose value this layer gives, by its address. */
  layer?: { uri: string; file: string };
}

/** Whether some filter is on. */
export function isFiltering({ text = '', differsFrom, layer }: SettingFilter): boolean {
  return text.trim() !== '' || differsFrom !== undefined || layer !== undefined;
}

/**
 * The settings that a filter lets through.
 * @param differing the settings that differ, by `settingKey`; needed where `differsFrom` is on.
 */
export function filterSettings(
  settings: readonly EffectiveSetting[],
  { text = '', differsFrom, layer }: SettingFilter,
  differing: ReadonlySet<string> = new Set(),
): EffectiveSetting[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return settings.filter(({ setting, value, source }) => {
    const told = `${setting.join('.')} ${value}`.toLowerCase();
    if (!words.every((word) => told.includes(word))) return false;
    if (layer !== undefined && source?.uri !== layer.uri) return false;
    return differsFrom === undefined || startsWithin(setting, differing);
  });
}

/** A setting as one text; keys may hold dots. */
export function settingKey(path: readonly string[]): string {
  return JSON.stringify(path);
}

/** A list, or a mapping that the other side does not have as one, differs as a whole. */
function startsWithin(path: readonly string[], differing: ReadonlySet<string>): boolean {
  return path.some((_, depth) => differing.has(settingKey(path.slice(0, depth + 1))));
}
