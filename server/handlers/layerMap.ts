import { layerMap } from '../../core/features/layerMap.ts';
import { relativePath } from '../../core/text/paths.ts';
import { isAppName, type LayerMapResult, type MapCell } from '../../protocol/layers.ts';
import { toContextName } from '../contextName.ts';
import { toPlace } from '../lsp/place.ts';
import type { Server } from '../server.ts';

export function onLayerMap({ session, positionsIn }: Server, params: unknown): LayerMapResult | null {
  const found = isAppName(params) ? session.placeOfContext(params.context) : undefined;
  if (found === undefined) return null;
  const { model } = found;
  const { app } = found.context;
  const { contexts, layers, sections } = layerMap(model, app);
  const positionOf = positionsIn(model);
  const { root } = model.workspace;
  const toCell = (cell: (typeof sections)[number]['cells'][number]): MapCell[] => {
    const place = toPlace(model, layers[cell.layer]?.file ?? '', cell.keyRange, positionOf);
    return place === null ? [] : [{ layer: cell.layer, place, contexts: cell.contexts }];
  };
  return {
    app,
    contexts: contexts.map(toContextName),
    layers: layers.map(({ slot, file, place }) => ({
      ...{ slot, place, file: relativePath(root, file), uri: positionOf.uriOf(file) },
    })),
    sections: sections.map(({ path, cells }) => ({ path, cells: cells.flatMap(toCell) })),
  };
}
