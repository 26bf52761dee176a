import type { Position } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Random } from './random.ts';

/** A place in a document, rather at the beginning of a word. */
export function somePosition(random: Random, text: string): Position {
  const words = [...text.matchAll(/\w+/g)].map((match) => match.index);
  const word = random.pickOf(words);
  const offset = word === undefined || random.chance(0.2) ? random.below(text.length + 1) : word;
  return TextDocument.create('', '', 0, text).positionAt(offset);
}
