import { isPlace, type Place } from './place.ts';
import { isListOf, isObject, isOrNull, isText } from './values.ts';

/** What the language server and its client say to each other about effective settings. */
export const settingsMethods = {
  /** Request with a `ContextName`, answered by a `SettingsResult`, or `null` for an unknown context. */
  settings: 'strata/settings',
} as const;

/** How a setting came to its value, for icons and filters. */
export const settingKinds = ['own', 'overridden', 'appended', 'placeholder', 'builtIn'] as const;

export type SettingKind = (typeof settingKinds)[number];

/** The settings of an effective configuration that are no mappings, in its order. */
export interface SettingsResult {
  settings: EffectiveSetting[];
}

export interface EffectiveSetting {
  /** The keys that lead to it. */
  setting: string[];
  /** As JSON on one line; a placeholder that nobody gave as `!missing why`. */
  value: string;
  kind: SettingKind;
  /** The key in the layer that wins; `null` for what Strata itself gives. */
  source: Place | null;
}

/** Whether a value that came over the wire is an answer of `strata/settings`. */
export function isSettingsResult(value: unknown): value is SettingsResult {
  return isObject(value) && isListOf(value.settings, isEffectiveSetting);
}

function isEffectiveSetting(value: unknown): value is EffectiveSetting {
  return (
    isObject(value) &&
    isListOf(value.setting, isText) &&
    isText(value.value) &&
    settingKinds.some((one) => one === value.kind) &&
    isOrNull(value.source, isPlace)
  );
}
