import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
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
  const files = new Map<string, FileEdit[]>();
  for (const edit of edits) files.set(edit.file, [...(files.get(edit.file) ?? []), edit]);
  const documents = [...files].map(([file, ofFile]) => {
    const { uri, version } = options.openDocument(file) ?? { uri: uriOfFile(file), version: null };
    const sorted = ofFile.toSorted((a, b) => a.range.start - b.range.start);
    return {
      textDocument: { uri, version },
      edits: sorted.map((one) => toTextEdit(one, options.positionOf)),
    };
  });
  if (options.documentChanges) return { documentChanges: documents };
  return { changes: Object.fromEntries(documents.map((one) => [one.textDocument.uri, one.edits])) };
}

function toTextEdit({ file, range, text }: FileEdit, positionOf: PositionOf): TextEdit {
  return { range: toRange(file, range, positionOf), newText: text };
}
