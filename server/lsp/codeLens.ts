import type { CodeLens as LspCodeLens } from 'vscode-languageserver';
import { type CodeLens, lensKinds } from '../../core/features/codeLens.ts';
import type { CodeLensText } from '../../core/features/codeLensText.ts';
import { type ShowReferences, showReferencesCommand } from '../../protocol/references.ts';
import { type PositionOf, toRange } from './convert.ts';
import { toLocations } from './places.ts';

/** What the editor sends back to have the words of a lens. */
export interface LensData extends Pick<CodeLens, 'kind' | 'path'> {
  uri: string;
}

/** Lenses without words yet. */
export function toCodeLenses(
  file: string,
  lenses: readonly CodeLens[],
  positionOf: PositionOf,
): LspCodeLens[] {
  const uri = positionOf.uriOf(file);
  return lenses.map(({ kind, path, range }) => {
    const data: LensData = { uri, kind, path };
    return { range: toRange(file, range, positionOf), data };
  });
}

/** A lens with its words and the command behind them. */
export function withText(
  lens: LspCodeLens,
  { uri }: LensData,
  { title, places }: CodeLensText,
  positionOf: PositionOf,
): LspCodeLens {
  const args: ShowReferences = [uri, lens.range.start, toLocations(places, positionOf)];
  return { range: lens.range, command: { title, command: showReferencesCommand, arguments: args } };
}

export function isLensData(value: unknown): value is LensData {
  const { uri, kind, path } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof uri === 'string' &&
    lensKinds.some((one) => one === kind) &&
    Array.isArray(path) &&
    path.every((key) => typeof key === 'string')
  );
}
