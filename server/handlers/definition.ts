import type { DefinitionParams, Location, LocationLink } from 'vscode-languageserver';
import { definition } from '../../core/features/definition.ts';
import { toLocationLinks } from '../lsp/convert.ts';
import type { Server } from '../server.ts';

export function onDefinition(server: Server, params: DefinitionParams): LocationLink[] | Location[] | null {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, file, offset } = place;
  const found = definition(model, file, offset, server.session.chosen());
  if (found === undefined) return null;
  const links = toLocationLinks(found, file, server.session.positionOf);
  if (server.clientCan.locationLinks) return links;
  return links.map(({ targetUri, targetSelectionRange }) => ({
    uri: targetUri,
    range: targetSelectionRange,
  }));
}
