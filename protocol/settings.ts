import { isPlace, type Place } from './place.ts';

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
  const { settings } = (value ?? {}) as Record<string, unknown>;
  return Array.isArray(settings) && settings.every(isEffectiveSetting);
}

function isEffectiveSetting(value: unknown): value is EffectiveSetting {
  if (typeof value !== 'object' || value === null) return false;
  const { setting, value: text, kind, source } = value as Record<string, unknown>;
  return (
    Array.isArray(setting) &&
    setting.every((key) => typeof key === 'string') &&
    typeof text === 'string' &&
    settingKinds.some((one) => one === kind) &&
    (source === null || isPlace(source))
  );
}
