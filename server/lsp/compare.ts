import type { Change, ComparedValue } from '../../core/features/compareContexts.ts';
import { valueText } from '../../core/features/explain.ts';
import { relativePath } from '../../core/text/paths.ts';
import type { ComparedSetting, SideValue } from '../../protocol/compare.ts';
import type { PositionOf } from './convert.ts';

/** Where the layers of a side lie. */
export interface SidePlaces {
  /** The folder that files are shown from. */
  root: string;
  positionOf: PositionOf;
}

/** A change as it goes over the wire. */
export function toComparedSetting(
  { setting, kind, left, right }: Change,
  leftPlaces: SidePlaces,
  rightPlaces: SidePlaces,
): ComparedSetting {
  return {
    setting,
    kind,
    ...(left === undefined ? {} : { left: toSideValue(left, leftPlaces) }),
    ...(right === undefined ? {} : { right: toSideValue(right, rightPlaces) }),
  };
}

function toSideValue({ value, file, keyRange }: ComparedValue, { root, positionOf }: SidePlaces): SideValue {
  const text = valueText(value);
  if (file === '') return { value: text, file: null, uri: null, line: 0, character: 0 };
  const position = positionOf(file, keyRange.start);
  return { value: text, file: relativePath(root, file), uri: positionOf.uriOf(file), ...position };
}
