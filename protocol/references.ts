/** A place between two characters of a text, as in LSP: counted from 0, in UTF-16 code units. */
export interface TextPosition {
  line: number;
  character: number;
}

/** A stretch of a document, as in LSP. */
export interface TextLocation {
  uri: string;
  range: { start: TextPosition; end: TextPosition };
}

/** What a click on a code lens asks the editor to show: some places, in a view at the lens. */
export type ShowReferences = [uri: string, position: TextPosition, locations: TextLocation[]];

/** The command behind a code lens, which editors have to know; its arguments are `ShowReferences`. */
export const showReferencesCommand = 'strata.showReferences';

/** Whether the arguments of the command are what it takes. */
export function isShowReferences(args: readonly unknown[]): args is ShowReferences {
  const [uri, position, locations] = args;
  return (
    typeof uri === 'string' && isPosition(position) && Array.isArray(locations) && locations.every(isLocation)
  );
}

function isPosition(value: unknown): value is TextPosition {
  const { line, character } = (value ?? {}) as Record<string, unknown>;
  return isCount(line) && isCount(character);
}

/** The first of all positions is counted 0. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0;
}

function isLocation(value: unknown): value is TextLocation {
  const { uri, range } = (value ?? {}) as Record<string, unknown>;
  const { start, end } = (range ?? {}) as Record<string, unknown>;
  return typeof uri === 'string' && isPosition(start) && isPosition(end);
}
