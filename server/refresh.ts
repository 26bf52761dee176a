import { CodeLensRefreshRequest, type Connection } from 'vscode-languageserver';
import type { ClientAbilities } from './abilities.ts';

/**
 * Makes what is to be called when the layers, the chosen context or the settings are others than before: editors
 * that can be told then ask anew for what they show in the text.
 */
export function refresher(connection: Connection, clientCan: ClientAbilities): () => void {
  return () => {
    if (clientCan.refreshHints) void connection.languages.inlayHint.refresh();
    if (clientCan.refreshLenses) void connection.sendRequest(CodeLensRefreshRequest.type);
    if (clientCan.refreshTokens) void connection.languages.semanticTokens.refresh();
  };
}
