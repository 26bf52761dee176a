import { URI } from 'vscode-uri';

const unsavedScheme = 'untitled';

/**
 * The core's path of a document. A buffer that is to become a file of a known name counts as that file;
 * `undefined` for one without a name, and for what is neither.
 */
export function fileOfUri(uri: string): string | undefined {
  const { scheme, path, fsPath } = URI.parse(uri);
  const isFile = scheme === 'file' || (scheme === unsavedScheme && path.startsWith('/'));
  return isFile ? fsPath.replaceAll('\\', '/') : undefined;
}

/** The URI of a file. */
export function uriOfFile(file: string): string {
  return URI.file(file).toString();
}

/** Whether a document is not saved anywhere yet. */
export function isUnsaved(uri: string): boolean {
  return uri.startsWith(`${unsavedScheme}:`);
}
