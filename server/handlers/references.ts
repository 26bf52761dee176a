import type { Location, ReferenceParams } from 'vscode-languageserver';
import { references } from '../../core/features/references.ts';
import { toLocations } from '../lsp/places.ts';
import type { Server } from '../server.ts';

export function onReferences(server: Server, params: ReferenceParams): Location[] | null {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, file, offset } = place;
  const { includeDeclaration } = params.context;
  const found = references(model, file, offset, { chosen: server.session.chosen(), includeDeclaration });
  return found ? toLocations(found, server.positionsIn(model)) : null;
}
