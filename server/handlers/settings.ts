import { effectiveSettings } from '../../core/features/effectiveSettings.ts';
import { valueText } from '../../core/features/explain.ts';
import { isContextName } from '../../protocol/contexts.ts';
import type { SettingsResult } from '../../protocol/settings.ts';
import { toPlace } from '../lsp/place.ts';
import type { Server } from '../server.ts';

export function onSettings({ session, positionsIn }: Server, name: unknown): SettingsResult | null {
  const found = isContextName(name) ? session.placeOfContext(name) : undefined;
  if (found === undefined) return null;
  const { model, context } = found;
  const positionOf = positionsIn(model);
  const settings = effectiveSettings(model, context).map(({ path, value, kind, file, keyRange }) => {
    const source = toPlace(model, file, keyRange, positionOf);
    return { setting: path, value: valueText(value), kind, source };
  });
  return { settings };
}
