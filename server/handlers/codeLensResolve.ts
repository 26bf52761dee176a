import type { CodeLens } from 'vscode-languageserver';
import { codeLensText } from '../../core/features/codeLensText.ts';
import { isLensData, withText } from '../lsp/codeLens.ts';
import type { Server } from '../server.ts';

export function onCodeLensResolve(server: Server, lens: CodeLens): CodeLens {
  const data: unknown = lens.data;
  if (!isLensData(data)) return lens;
  const found = server.fileOf({ textDocument: data });
  const known = { chosen: server.session.chosen(), index: server.settingIndex };
  const text = found && codeLensText(found.model, found.file, data, known);
  // What the lens told of is gone since: the editor asks for all of them anew.
  if (found === undefined || text === undefined) return { ...lens, command: { title: '', command: '' } };
  return withText(lens, data, text, server.positionsIn(found.model));
}
