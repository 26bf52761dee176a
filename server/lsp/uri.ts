import { URI } from 'vscode-uri';

/** The core's path of a document; `undefined` for one that is no file, such as an untitled buffer. */
export function fileOfUri(uri: string): string | undefined {
  const parsed = URI.parse(uri);
  return parsed.scheme === 'file' ? parsed.fsPath.replaceAll('\\', '/') : undefined;
}

/** The URI of a file. */
export function uriOfFile(file: string): string {
  return URI.file(file).toString();
}
