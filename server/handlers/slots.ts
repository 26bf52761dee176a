import { contextNames } from '../../core/features/contextNames.ts';
import { layerSlots } from '../../core/features/layerSlots.ts';
import type { Context } from '../../core/layers/context.ts';
import { joinPath, relativePath } from '../../core/text/paths.ts';
import { buildContextsOf, contextsOf } from '../../core/workspace/workspace.ts';
import { isAppName, type SlotsResult } from '../../protocol/layers.ts';
import { uriOfFile } from '../lsp/uri.ts';
import type { Server } from '../server.ts';

export function onSlots({ session }: Server, params: unknown): SlotsResult | null {
  const found = isAppName(params) ? session.placeOfContext(params.context) : undefined;
  if (found === undefined) return null;
  const { workspace } = found.model;
  const { app } = found.context;
  const all = [...contextsOf(workspace, app), ...buildContextsOf(workspace, app)];
  const [ending = ''] = workspace.scheme.endings;
  const slots = layerSlots(found.model, app).map(({ slot, folder, file, contexts }) => {
    const path = file ?? joinPath(folder, slot + ending);
    return {
      ...{ slot, file: relativePath(workspace.root, path), uri: uriOfFile(path) },
      ...{ isThere: file !== undefined, contexts: contextNames(deployedFirst(contexts), all) },
    };
  });
  return { slots };
}

/** That a layer is read in builds, too, goes without saying. */
function deployedFirst(contexts: readonly Context[]): readonly Context[] {
  const deployed = contexts.filter(({ mode }) => mode !== 'build');
  return deployed.length > 0 ? deployed : contexts;
}
