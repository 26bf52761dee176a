import type { Position, PositionEncodingKind, TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** What an editor counts the characters of a line in: bytes, UTF-16 code units or code points. */
export type Encoding = 'utf-8' | 'utf-16' | 'utf-32';

const supported: readonly string[] = ['utf-8', 'utf-16', 'utf-32'] satisfies Encoding[];

/** What to count in with an editor: UTF-16, as every text here, where it can, else the first that it offers. */
export function chooseEncoding(offered: readonly PositionEncodingKind[] = []): Encoding {
  const known = offered.filter((one): one is Encoding => supported.includes(one));
  return known.includes('utf-16') ? 'utf-16' : (known[0] ?? 'utf-16');
}

/** How many units the beginning of a line has. */
export function unitsOf(text: string, encoding: Encoding): number {
  if (encoding === 'utf-16') return text.length;
  let units = 0;
  for (const char of text) units += unitsOfChar(char, encoding);
  return units;
}

/**
 * The offset of a position in a document, in UTF-16 code units. A position behind the end of its line means
 * that end; one within a character means where the character begins.
 */
export function offsetIn(document: TextDocument, position: Position, encoding: Encoding): number {
  if (encoding === 'utf-16') return document.offsetAt(position);
  const { line } = position;
  const start = document.offsetAt({ line, character: 0 });
  const end = document.offsetAt({ line, character: Number.MAX_SAFE_INTEGER });
  let offset = start;
  let left = position.character;
  for (const char of document.getText().slice(start, end)) {
    left -= unitsOfChar(char, encoding);
    if (left < 0) break;
    offset += char.length;
  }
  return offset;
}

/** The document after some changes, each of which counts in the text that the one before it left. */
export function applyChanges(
  document: TextDocument,
  changes: readonly TextDocumentContentChangeEvent[],
  version: number,
  encoding: Encoding,
): TextDocument {
  for (const change of changes) TextDocument.update(document, [inUtf16(document, change, encoding)], version);
  return document;
}

function inUtf16(
  document: TextDocument,
  change: TextDocumentContentChangeEvent,
  encoding: Encoding,
): TextDocumentContentChangeEvent {
  if (!('range' in change)) return change;
  const place = (position: Position) => document.positionAt(offsetIn(document, position, encoding));
  return { range: { start: place(change.range.start), end: place(change.range.end) }, text: change.text };
}

function unitsOfChar(char: string, encoding: Encoding): number {
  if (encoding === 'utf-32') return 1;
  if (encoding === 'utf-16') return char.length;
  const point = char.codePointAt(0) ?? 0;
  if (point < 0x80) return 1;
  if (point < 0x800) return 2;
  return point < 0x10000 ? 3 : 4;
}
