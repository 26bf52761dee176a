import { type DocumentSymbol, type SymbolInformation, SymbolKind } from 'vscode-languageserver';
import type { SettingSymbol } from '../../core/features/documentSymbols.ts';
import type { WorkspaceSymbol } from '../../core/features/workspaceSymbols.ts';
import { type PositionOf, toRange } from './convert.ts';

const kinds: Readonly<Record<SettingSymbol['kind'], SymbolKind>> = {
  mapping: SymbolKind.Namespace,
  list: SymbolKind.Array,
  string: SymbolKind.String,
  integer: SymbolKind.Number,
  float: SymbolKind.Number,
  boolean: SymbolKind.Boolean,
  null: SymbolKind.Null,
  missing: SymbolKind.Event,
  deleted: SymbolKind.Operator,
};

/** The icon of a setting, by the type of its value. */
export function symbolKind(kind: SettingSymbol['kind']): SymbolKind {
  return kinds[kind];
}

export function toDocumentSymbols(
  file: string,
  symbols: readonly SettingSymbol[],
  positionOf: PositionOf,
): DocumentSymbol[] {
  return symbols.map(({ name, detail, kind, range, keyRange, children }) => ({
    // Editors refuse a symbol without a name.
    name: name === '' ? '""' : name,
    detail,
    kind: symbolKind(kind),
    range: toRange(file, range, positionOf),
    selectionRange: toRange(file, keyRange, positionOf),
    children: toDocumentSymbols(file, children, positionOf),
  }));
}

/** The same for editors that know no trees: dotted names, each in the mapping above. */
export function toFlatSymbols(
  file: string,
  symbols: readonly SettingSymbol[],
  positionOf: PositionOf,
  above = '',
): SymbolInformation[] {
  return symbols.flatMap(({ name, kind, keyRange, children }) => {
    const path = above === '' ? name : `${above}.${name}`;
    const location = { uri: positionOf.uriOf(file), range: toRange(file, keyRange, positionOf) };
    const own: SymbolInformation = {
      name: path === '' ? '""' : path,
      kind: symbolKind(kind),
      location,
      ...(above === '' ? {} : { containerName: above }),
    };
    return [own, ...toFlatSymbols(file, children, positionOf, path)];
  });
}

export function toWorkspaceSymbols(
  symbols: readonly WorkspaceSymbol[],
  positionOf: PositionOf,
): SymbolInformation[] {
  return symbols.map(({ name, kind, place, layers }) => ({
    name,
    kind: symbolKind(kind),
    location: { uri: positionOf.uriOf(place.file), range: toRange(place.file, place.keyRange, positionOf) },
    containerName: layersText(layers),
  }));
}

/** How many layers are named: a setting of a thousand apps has as many. */
const mostLayers = 8;

function layersText(layers: readonly string[]): string {
  const more = layers.length - mostLayers;
  return `${layers.slice(0, mostLayers).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
