import { builtInLayer } from '../../layers/builtIn.ts';
import type { Context } from '../../layers/context.ts';
import { layersBySlot, stackFiles } from '../../layers/stack.ts';
import type { StackLayer } from '../../merge/setting.ts';
import { applyEdits } from '../../text/edits.ts';
import { baseName, folderOf } from '../../text/paths.ts';
import type { Model } from '../../workspace/model.ts';
import type { Layer } from '../../yaml/layer.ts';
import { readLayer } from '../../yaml/readLayer.ts';
import type { Change } from './action.ts';

/** The layers as they are after a change of their texts. */
export interface EditedLayers {
  /** Those that the change touches or makes. */
  touched: ReadonlyMap<string, Layer>;
  layer(file: string): Layer | undefined;
  stack(of: Context): StackLayer[];
}

/** Tries a change: only what it touches is read again. */
export function editedLayers(model: Model, change: Change): EditedLayers {
  const { yaml } = model.workspace;
  const read = textsAfter(model, change).map(
    ([file, text]) => [file, readLayer(file, { text }, yaml)] as const,
  );
  return layersWith(model, new Map(read));
}

/** The layers with some of them in place of what the model has; one that it has not comes to the others. */
export function layersWith(model: Model, touched: ReadonlyMap<string, Layer>): EditedLayers {
  const { workspace } = model;
  const layersIn = (folder: string) => {
    const own = [...touched.keys()].filter((file) => folderOf(file) === folder).map(baseName);
    const known = model.names(folder);
    if (own.every((name) => known.has(name))) return model.layersIn(folder);
    return layersBySlot(workspace.scheme, folder, new Set([...known, ...own]));
  };
  const layer = (file: string) => touched.get(file) ?? model.layer(file);
  return {
    touched,
    layer,
    stack(of) {
      const files = stackFiles(workspace, of, layersIn).flatMap((one) => {
        const content = layer(one.file);
        return content === undefined ? [] : [{ ...one, layer: content }];
      });
      return [builtInLayer(of), ...files];
    },
  };
}

function textsAfter(model: Model, { edits, creates = [] }: Change): [string, string][] {
  const files = [...new Set(edits.map((edit) => edit.file))];
  const edited = files.map((file): [string, string] => {
    const own = edits.filter((edit) => edit.file === file);
    return [file, applyEdits(model.layer(file)?.text ?? '', own)];
  });
  return [...edited, ...creates.map(({ file, text }): [string, string] => [file, text])];
}
