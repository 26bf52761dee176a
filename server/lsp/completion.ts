import { type CompletionItem, CompletionItemKind, InsertTextMode, MarkupKind } from 'vscode-languageserver';
import type { Completion } from '../../core/features/completion/completion.ts';
import { type PositionOf, toRange } from './convert.ts';
import { fileOfUri, uriOfFile } from './uri.ts';

const kinds: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  setting: CompletionItemKind.Property,
  group: CompletionItemKind.Module,
  value: CompletionItemKind.Value,
  tag: CompletionItemKind.Keyword,
  folder: CompletionItemKind.Folder,
};

/** What an item carries, so that its documentation can be asked for later. */
interface ItemData {
  uri: string;
  setting: string[];
}

export function toCompletionItem(one: Completion, file: string, positionOf: PositionOf): CompletionItem {
  const { range, text } = one.edit;
  const data: ItemData | undefined = one.setting && { uri: uriOfFile(file), setting: one.setting };
  return {
    label: one.label,
    kind: kinds[one.kind],
    sortText: one.sort,
    textEdit: { range: toRange(file, range, positionOf), newText: text },
    ...(text.includes('\n') ? { insertTextMode: InsertTextMode.asIs } : {}),
    ...(one.detail === undefined ? {} : { detail: one.detail }),
    ...(one.filter === undefined ? {} : { filterText: one.filter }),
    ...(one.documentation === undefined ? {} : { documentation: markdown(one.documentation) }),
    ...(data === undefined ? {} : { data }),
  };
}

/** The setting that an item is about, and the file that it was offered in. */
export function settingOfItem({ data }: CompletionItem): { file: string; setting: string[] } | undefined {
  const { uri, setting } = (data ?? {}) as Partial<ItemData>;
  const file = typeof uri === 'string' ? fileOfUri(uri) : undefined;
  return file !== undefined && Array.isArray(setting) ? { file, setting: setting.map(String) } : undefined;
}

export function withDocumentation(item: CompletionItem, text: string): CompletionItem {
  return text === '' ? item : { ...item, documentation: markdown(text) };
}

function markdown(value: string) {
  return { kind: MarkupKind.Markdown, value };
}
