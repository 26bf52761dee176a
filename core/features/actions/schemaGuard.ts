import type { Context } from '../../layers/context.ts';
import { mergeStack } from '../../merge/merge.ts';
import type { StackLayer } from '../../merge/setting.ts';
import type { Model } from '../../workspace/model.ts';
import { schemaViolations } from '../schemaViolations.ts';
import type { Change } from './action.ts';
import { editedLayers } from './editedModel.ts';
import { guarded } from './guard.ts';

/**
 * Tries a change of one layer and gives it back if nothing but some settings changes, and fewer values of the layer
 * break the schemas of apps than before, without more of other layers.
 * @param paths the settings that may change.
 */
export function mending(
  model: Model,
  file: string,
  change: Change | undefined,
  paths: readonly (readonly string[])[],
): Change | undefined {
  const sound = guarded(model, change, { paths });
  if (sound === undefined) return undefined;
  const after = editedLayers(model, sound);
  const was = countViolations(model, file, (of) => model.stack(of));
  const is = countViolations(model, file, (of) => after.stack(of));
  return is.here < was.here && is.all <= was.all ? sound : undefined;
}

function countViolations(
  model: Model,
  file: string,
  stackOf: (of: Context) => readonly StackLayer[],
): { here: number; all: number } {
  const count = { here: 0, all: 0 };
  const readers = model.readers(file);
  for (const app of model.workspace.apps) {
    const merged = readers.flatMap((of) => {
      if (of.app !== app.name) return [];
      const stack = stackOf(of);
      return [{ of, stack, root: mergeStack(stack, model.workspace.merge).root, files: [] }];
    });
    const found = merged.length === 0 ? [] : schemaViolations(model, app, merged);
    count.all += found.length;
    count.here += found.filter(({ problem }) => problem.file === file).length;
  }
  return count;
}
