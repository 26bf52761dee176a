import type { ImplementationParams, Location, LocationLink } from 'vscode-languageserver';
import { implementation } from '../../core/features/implementation.ts';
import { toTargets } from '../lsp/places.ts';
import type { Server } from '../server.ts';

export function onImplementation(
  server: Server,
  params: ImplementationParams,
): LocationLink[] | Location[] | null {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, file, offset } = place;
  const found = implementation(model, file, offset, server.session.chosen());
  return found
    ? toTargets(found, file, server.clientCan.implementationLinks, server.positionsIn(model))
    : null;
}
