import type { Range } from '../../text/range.ts';
import type { Model } from '../../workspace/model.ts';
import { renameTarget } from './target.ts';

/** What would be renamed at a place, and what to begin with in the box for the new name; `undefined` where nothing can be. */
export function prepareRename(
  model: Model,
  file: string,
  offset: number,
): { range: Range; placeholder: string } | undefined {
  const target = renameTarget(model, file, offset);
  return target && { range: target.range, placeholder: target.path.at(-1) ?? '' };
}
