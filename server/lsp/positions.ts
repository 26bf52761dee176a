import { type LineIndex, lineIndex } from '../../core/text/lines.ts';
import type { Model } from '../../core/workspace/model.ts';
import type { PositionOf } from './convert.ts';
import { type Encoding, unitsOf } from './encoding.ts';
import { uriOfFile } from './uri.ts';

/**
 * Finds lines in the files of one model, for one answer: each file's lines are asked for once.
 * @param encoding what the editor counts characters in.
 * @param unsaved the addresses of files that are not saved yet.
 * @param seen the lines of files as they were when the places were found, where that is known.
 */
export function positionsIn(
  model: Model,
  encoding: Encoding,
  unsaved: ReadonlyMap<string, string>,
  seen: (file: string) => LineIndex | undefined = () => undefined,
): PositionOf {
  const known = new Map<string, LineIndex>();
  const find = (file: string) =>
    encoding === 'utf-16' ? (seen(file) ?? model.lines(file)) : linesIn(model, file, encoding);
  const positionOf = (file: string, offset: number) => {
    const lines = known.get(file) ?? find(file);
    known.set(file, lines);
    return lines.position(offset);
  };
  return Object.assign(positionOf, { uriOf: (file: string) => unsaved.get(file) ?? uriOfFile(file) });
}

function linesIn(model: Model, file: string, encoding: Encoding): LineIndex {
  return linesOf(model.layerIfRead(file)?.text ?? textOf(model, file), encoding);
}

function linesOf(text: string, encoding: Encoding): LineIndex {
  const lines = lineIndex(text);
  return {
    position(offset) {
      const { line, character } = lines.position(offset);
      return { line, character: unitsOf(text.slice(offset - character, offset), encoding) };
    },
  };
}

function textOf(model: Model, file: string): string {
  const content = model.read(file);
  return content !== undefined && 'text' in content ? content.text : '';
}

/** Likewise, and in a text that is no file of the model: its name is the empty one. */
export function positionsBeside(positionOf: PositionOf, text: string, encoding: Encoding): PositionOf {
  const lines = linesOf(text, encoding);
  const find = (file: string, offset: number) =>
    file === '' ? lines.position(offset) : positionOf(file, offset);
  return Object.assign(find, { uriOf: positionOf.uriOf });
}
