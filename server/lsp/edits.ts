import type { TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { FileEdit } from '../../core/text/edits.ts';
import { type PositionOf, toRange } from './convert.ts';
import { uriOfFile } from './uri.ts';

/** A document as the editor has it. */
export interface OpenDocument {
  uri: string;
  version: number;
}

export interface EditOptions {
  positionOf: PositionOf;
  /** The document of a file, where it is open. */
  openDocument(file: string): OpenDocument | undefined;
  /** Whether the editor takes edits with the versions that they are meant for. */
  documentChanges: boolean;
}

/** Edits of several files, each file's in the order of its text, for the versions that are open now. */
export function toWorkspaceEdit(edits: readonly FileEdit[], options: EditOptions): WorkspaceEdit {
  const documents = toDocumentEdits(edits, options);
  if (options.documentChanges) return { documentChanges: documents.map((one) => one.edit) };
  return { changes: Object.fromEntries(documents.map(({ edit }) => [edit.textDocument.uri, edit.edits])) };
}

/** The edits of each file, together. */
export function toDocumentEdits(
  edits: readonly FileEdit[],
  options: EditOptions,
): { file: string; edit: { textDocument: TextDocumentEdit['textDocument']; edits: TextEdit[] } }[] {
  const files = new Map<string, FileEdit[]>();
  for (const edit of edits) files.set(edit.file, [...(files.get(edit.file) ?? []), edit]);
  return [...files].map(([file, ofFile]) => {
    const { uri, version } = options.openDocument(file) ?? { uri: uriOfFile(file), version: null };
    const sorted = ofFile.toSorted((a, b) => a.range.start - b.range.start);
    const textEdits = sorted.map((one) => toTextEdit(one, options.positionOf));
    return { file, edit: { textDocument: { uri, version }, edits: textEdits } };
  });
}

function toTextEdit({ file, range, text }: FileEdit, positionOf: PositionOf): TextEdit {
  return { range: toRange(file, range, positionOf), newText: text };
}
