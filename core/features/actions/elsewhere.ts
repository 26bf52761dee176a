import type { Context } from '../../layers/context.ts';
import { resolveSetting } from '../../merge/resolve.ts';
import { type EffectiveValue, type Setting, winningSay } from '../../merge/setting.ts';
import { effectiveJson, readableStyle } from '../../render/json.ts';
import type { Model } from '../../workspace/model.ts';
import { contextsOf } from '../../workspace/workspace.ts';
import { bareSetting, plainSetting, type SettingText } from '../../yaml/edit/settingText.ts';
import { valueShape } from './guard.ts';
import { writtenSetting } from './moveSetting.ts';

/** What a setting is in another environment. */
export interface ValueElsewhere {
  environment: string;
  /** The value on one line, for a title. */
  shown: string;
  /** The value as a layer would give it. */
  text(): SettingText;
}

/** The most that a title shows of a value. */
const mostShown = 40;

/** The values that a setting has in an app's other contexts, each once: placeholders and nulls are none. */
export function valuesElsewhere(
  model: Model,
  app: string,
  path: readonly string[],
  isAsked: (of: Context) => boolean,
): ValueElsewhere[] {
  const found = new Map<string, ValueElsewhere>();
  for (const of of contextsOf(model.workspace, app).filter((one) => !isAsked(one))) {
    const stack = model.stack(of);
    const { setting } = resolveSetting(stack, model.workspace.merge, path);
    if (setting?.value === undefined || lacksValue(setting.value)) continue;
    const shape = valueShape(setting.value);
    if (found.has(shape)) continue;
    const shown = effectiveJson(setting.value, readableStyle);
    const file = soleLayer(setting);
    found.set(shape, {
      environment: of.environment,
      shown: shown.length > mostShown ? `${shown.slice(0, mostShown - 1)}…` : shown,
      text: () => writtenText(model, file === undefined ? '' : (stack[file]?.file ?? ''), path, shown),
    });
  }
  return [...found.values()];
}

/** As the other layer writes it, without comments; on one line where several layers give it. */
function writtenText(model: Model, file: string, path: readonly string[], json: string): SettingText {
  const setting = file === '' ? undefined : writtenSetting(model, file, path, bareSetting)?.setting;
  return setting ?? plainSetting(json, true);
}

/** The layer that alone gives the whole value, by its index in the stack. */
function soleLayer(setting: Setting): number | undefined {
  const { value, says } = setting;
  const counting = says.filter(({ action }) => action !== 'refused' && action !== 'require');
  const isWhole = value?.kind !== 'list' && value?.kind !== 'mapping';
  return isWhole || counting.length === 1 ? winningSay(setting)?.layer : undefined;
}

function lacksValue(value: EffectiveValue): boolean {
  if (value.kind === 'mapping') {
    const given = [...value.entries.values()].flatMap((one) => one.value ?? []);
    return given.some((one) => one.kind === 'missing' || (one.kind === 'mapping' && lacksValue(one)));
  }
  return value.kind === 'missing' || value.kind === 'null';
}
