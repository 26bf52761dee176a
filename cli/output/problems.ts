import pc from 'picocolors';
import type { Problem } from '../../core/problem.ts';
import type { LineIndex } from '../../core/text/lines.ts';
import { relativePath } from '../../core/text/paths.ts';
import type { Range } from '../../core/text/range.ts';
import type { Model } from '../../core/workspace/model.ts';
import { corePath } from '../../disk/diskSource.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** A place as people and editors write it: `FILE:LINE:COLUMN`, counted from 1, columns in UTF-16 units. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

/** Finds the lines of places; the file is shown from a folder. */
export type PlaceOf = (file: string, range: Range) => Place;

/** Places in a model's files, shown from the folder (the working directory when left out). */
export function placesOf(model: Model, folder: string = corePath('.')): PlaceOf {
  const lines = new Map<string, LineIndex>();
  return (file, range) => {
    const known = lines.get(file) ?? model.lines(file);
    lines.set(file, known);
    const { line, character } = known.position(range.start);
    return { file: relativePath(folder, file), line: line + 1, column: character + 1 };
  };
}

/** `FILE:LINE:COLUMN` */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/**
 * A problem as one line `FILE:LINE:COL: error CODE: SETTING: MESSAGE`, then one line a related place.
 * @param where the contexts it holds in, in words; empty for none.
 */
export function problemText(one: Problem, placeOf: PlaceOf, where: string, colors: Colors): string {
  const place = placeText(placeOf(one.file, one.range));
  const severity = one.severity === 'error' ? colors.red('error') : colors.yellow('warning');
  const setting = one.setting === undefined ? '' : `${colors.bold(one.setting)}: `;
  const contexts = where === '' ? '' : colors.dim(` [${where}]`);
  const first = `${place}: ${severity} ${one.code}: ${setting}${one.message}${contexts}`;
  const related = one.related.map(
    ({ file, range, message }) => `  ${placeText(placeOf(file, range))}: ${colors.dim(message)}`,
  );
  return [first, ...related].map((line) => `${line}\n`).join('');
}

/** Colours where the stream is a terminal and nobody asked for none (`NO_COLOR`, `FORCE_COLOR`). */
export function colorsFor(stream: NodeJS.WriteStream): Colors {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  const forced = FORCE_COLOR !== undefined && FORCE_COLOR !== '0' && FORCE_COLOR !== '';
  return pc.createColors(forced || (!NO_COLOR && stream.isTTY === true && TERM !== 'dumb'));
}
