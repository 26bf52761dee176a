import type { TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { LayerSource } from '../core/source.ts';
import { baseName, folderOf } from '../core/text/paths.ts';
import { fileOfUri, isUnsaved, uriOfFile } from './lsp/uri.ts';

/** The open documents of an editor over another source: a buffer wins over the disk, saved or not. */
export function overlaySource(disk: LayerSource, documents: TextDocuments<TextDocument>): LayerSource {
  return {
    read(file) {
      const open = openDocument(documents, file);
      return open === undefined ? disk.read(file) : { text: open.getText(), isOpen: true };
    },
    list(folder) {
      const onDisk = disk.list(folder);
      const names = new Set(onDisk?.map((entry) => entry.name));
      const onlyOpen = documents
        .all()
        .flatMap((document) => fileOfUri(document.uri) ?? [])
        .filter((file) => folderOf(file) === folder && !names.has(baseName(file)));
      if (onlyOpen.length === 0) return onDisk;
      const added = onlyOpen.map((file) => ({ name: baseName(file), kind: 'file' as const }));
      return [...(onDisk ?? []), ...added].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

/** Whether a source has a file by this name. */
export function isListed(source: LayerSource, file: string): boolean {
  return (source.list(folderOf(file)) ?? []).some((entry) => entry.name === baseName(file));
}

/** The document of a file, if it is open. Editors write URIs in more than one way (`%3A`, drive letters): they are compared as files. */
export function openDocument(documents: TextDocuments<TextDocument>, file: string): TextDocument | undefined {
  return (
    documents.get(uriOfFile(file)) ?? documents.all().find((document) => fileOfUri(document.uri) === file)
  );
}

/** The documents that are to become files and are not saved yet: their addresses, by file. */
export function unsavedFiles(documents: TextDocuments<TextDocument>): Map<string, string> {
  const unsaved = documents.all().filter(({ uri }) => isUnsaved(uri));
  return new Map(unsaved.flatMap(({ uri }) => [[fileOfUri(uri) ?? '', uri] as const]));
}
