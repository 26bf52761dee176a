import type { Connection, ServerCapabilities } from 'vscode-languageserver';
import { effectiveMethods } from '../protocol/effective.ts';
import { cancellable } from './cancellable.ts';
import { onDefinition } from './handlers/definition.ts';
import { onEffectiveDocument } from './handlers/effectiveDocument.ts';
import { onHover } from './handlers/hover.ts';
import type { Server } from './server.ts';

/** One thing that the server can do: what it tells the editor of it, and how it answers. */
interface Feature {
  capabilities: ServerCapabilities;
  register(connection: Connection, server: Server): void;
}

/** All that the server can do: the map of this part. A new feature is a handler and a line here. */
const features: readonly Feature[] = [
  {
    capabilities: { hoverProvider: true },
    register: (connection, server) => connection.onHover(cancellable((params) => onHover(server, params))),
  },
  {
    capabilities: { definitionProvider: true },
    register: (connection, server) =>
      connection.onDefinition(cancellable((params) => onDefinition(server, params))),
  },
  {
    capabilities: {},
    register: (connection, server) =>
      connection.onRequest(
        effectiveMethods.document,
        cancellable((params: unknown) => onEffectiveDocument(server, params)),
      ),
  },
];

/** What all features together tell the editor. */
export function featureCapabilities(): ServerCapabilities {
  return Object.assign({}, ...features.map((feature) => feature.capabilities));
}

/** Lets every feature answer. */
export function registerFeatures(connection: Connection, server: Server): void {
  for (const feature of features) feature.register(connection, server);
}
