import type { CodeLens, CodeLensParams } from 'vscode-languageserver';
import { codeLenses } from '../../core/features/codeLens.ts';
import { toCodeLenses } from '../lsp/codeLens.ts';
import type { Server } from '../server.ts';

export function onCodeLens(server: Server, params: CodeLensParams): CodeLens[] | null {
  const found = server.settings().codeLens ? server.fileOf(params) : undefined;
  if (found === undefined) return null;
  const { model, file } = found;
  return toCodeLenses(file, codeLenses(model, file, server.session.chosen()), server.positionsIn(model));
}
