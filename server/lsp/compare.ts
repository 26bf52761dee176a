import type { Change, ComparedValue } from '../../core/features/compareContexts.ts';
import { valueText } from '../../core/features/explain.ts';
import { relativePath } from '../../core/text/paths.ts';
import type { Model } from '../../core/workspace/model.ts';
import type { ComparedSetting, SideValue } from '../../protocol/compare.ts';
import { uriOfFile } from './uri.ts';

/** A change as it goes over the wire; the models are those that the sides' layers are from. */
export function toComparedSetting(
  { setting, kind, left, right }: Change,
  leftModel: Model,
  rightModel: Model,
): ComparedSetting {
  return {
    setting,
    kind,
    ...(left === undefined ? {} : { left: toSideValue(left, leftModel) }),
    ...(right === undefined ? {} : { right: toSideValue(right, rightModel) }),
  };
}

function toSideValue({ value, file, keyRange }: ComparedValue, model: Model): SideValue {
  const text = valueText(value);
  if (file === '') return { value: text, file: null, uri: null, line: 0, character: 0 };
  const position = model.lines(file).position(keyRange.start);
  return { value: text, file: relativePath(model.workspace.root, file), uri: uriOfFile(file), ...position };
}
