import type { Model } from '../../workspace/model.ts';
import { layerEdits } from '../rename/layerEdits.ts';
import type { Action, ActionRequest, Change } from './action.ts';
import { editableLayer, pathOfProblem } from './place.ts';

/** Gives a mistyped key the name that it means; its quotes stay. */
export function typoActions({ model, file, problems }: ActionRequest): Action[] {
  return problems.flatMap((fixes): Action[] => {
    const { code, meant } = fixes;
    const path = code === 'likely-typo' ? pathOfProblem(model, file, fixes) : undefined;
    if (path === undefined || meant === undefined) return [];
    // Only this layer has the key.
    const change = () => renamedHere(model, file, path, meant);
    return [{ title: `Change to \`${meant}\``, kind: 'quickfix', preferred: true, fixes, change }];
  });
}

/** Gives a key another name in one layer; nothing else follows it. */
export function renamedHere(
  model: Model,
  file: string,
  path: readonly string[],
  meant: string,
): Change | undefined {
  const layer = editableLayer(model, file);
  const result = layer && layerEdits(layer, path, meant, model.workspace.yaml);
  return result === undefined || 'refusal' in result ? undefined : result;
}
