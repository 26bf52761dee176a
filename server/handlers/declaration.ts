import type { DeclarationParams, Location, LocationLink } from 'vscode-languageserver';
import { declaration } from '../../core/features/declaration.ts';
import { toTargets } from '../lsp/places.ts';
import type { Server } from '../server.ts';

export function onDeclaration(server: Server, params: DeclarationParams): LocationLink[] | Location[] | null {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, file, offset } = place;
  const found = declaration(model, file, offset, server.session.chosen());
  return found ? toTargets(found, file, server.clientCan.declarationLinks, server.positionsIn(model)) : null;
}
