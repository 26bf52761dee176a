import type { Location, LocationLink, TypeDefinitionParams } from 'vscode-languageserver';
import { typeDefinition } from '../../core/features/typeDefinition.ts';
import { toTargets } from '../lsp/places.ts';
import type { Server } from '../server.ts';

export function onTypeDefinition(
  server: Server,
  params: TypeDefinitionParams,
): LocationLink[] | Location[] | null {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, file, offset } = place;
  const found = typeDefinition(model, file, offset, server.session.chosen());
  return found
    ? toTargets(found, file, server.clientCan.typeDefinitionLinks, server.positionsIn(model))
    : null;
}
