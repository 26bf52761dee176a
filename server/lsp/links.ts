import type { DocumentLink } from 'vscode-languageserver';
import type { FileLink } from '../../core/features/documentLinks.ts';
import { baseName } from '../../core/text/paths.ts';
import { type PositionOf, placeUri, toRange } from './convert.ts';

export function toDocumentLinks(
  file: string,
  links: readonly FileLink[],
  positionOf: PositionOf,
): DocumentLink[] {
  return links.map(({ range, target }) => {
    const position = positionOf(target.file, target.offset);
    return {
      range: toRange(file, range, positionOf),
      target: placeUri(target.file, position),
      tooltip: `${baseName(target.file)}:${position.line + 1}`,
    };
  });
}
