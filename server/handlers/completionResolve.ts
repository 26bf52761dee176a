import type { CompletionItem } from 'vscode-languageserver';
import { settingDocumentation } from '../../core/features/completion/documentation.ts';
import { settingOfItem, withDocumentation } from '../lsp/completion.ts';
import type { Server } from '../server.ts';

export function onCompletionResolve(server: Server, item: CompletionItem): CompletionItem {
  const about = settingOfItem(item);
  const model = about && server.session.modelOf(about.file);
  if (about === undefined || model === undefined) return item;
  return withDocumentation(
    item,
    settingDocumentation(model, about.file, about.setting, server.session.chosen()),
  );
}
