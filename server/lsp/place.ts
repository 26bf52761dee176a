import { relativePath } from '../../core/text/paths.ts';
import type { Range } from '../../core/text/range.ts';
import type { Model } from '../../core/workspace/model.ts';
import type { Place } from '../../protocol/place.ts';
import type { PositionOf } from './convert.ts';

/** A place of a layer as it goes over the wire; `null` for what Strata itself gives. */
export function toPlace(model: Model, file: string, at: Range, positionOf: PositionOf): Place | null {
  if (file === '') return null;
  const shown = relativePath(model.workspace.root, file);
  return { file: shown, uri: positionOf.uriOf(file), ...positionOf(file, at.start) };
}
