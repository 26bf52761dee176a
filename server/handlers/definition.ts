import type { DefinitionParams, Location, LocationLink } from 'vscode-languageserver';
import { definition } from '../../core/features/definition.ts';
import { toTargets } from '../lsp/places.ts';
import type { Server } from '../server.ts';
import { onEffectiveDefinition } from './effectiveSource.ts';

export function onDefinition(server: Server, params: DefinitionParams): LocationLink[] | Location[] | null {
  const place = server.placeOf(params);
  if (place === undefined) return onEffectiveDefinition(server, params);
  const { model, file, offset } = place;
  const found = definition(model, file, offset, server.session.chosen());
  return found ? toTargets(found, file, server.clientCan.locationLinks, server.positionsIn(model)) : null;
}
