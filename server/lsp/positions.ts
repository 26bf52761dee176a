import { type LineIndex, lineIndex } from '../../core/text/lines.ts';
import type { Model } from '../../core/workspace/model.ts';
import type { PositionOf } from './convert.ts';

/** Finds lines in the files of one model, for one answer: each file's lines are asked for once. */
export function positionsIn(model: Model): PositionOf {
  const known = new Map<string, LineIndex>();
  return (file, offset) => {
    const lines = known.get(file) ?? model.lines(file);
    known.set(file, lines);
    return lines.position(offset);
  };
}

/** Likewise, and in a text that is no file of the model: its name is the empty one. */
export function positionsBeside(model: Model, text: string): PositionOf {
  const lines = lineIndex(text);
  const positionOf = positionsIn(model);
  return (file, offset) => (file === '' ? lines.position(offset) : positionOf(file, offset));
}
