import type {
  DefinitionParams,
  DocumentSymbol,
  DocumentSymbolParams,
  FoldingRange,
  FoldingRangeParams,
  Hover,
  HoverParams,
  Location,
  LocationLink,
} from 'vscode-languageserver';
import { symbolsOf } from '../../core/features/documentSymbols.ts';
import { effectiveDefinition, effectiveHover, effectiveYaml } from '../../core/features/effectiveSource.ts';
import { foldsOf } from '../../core/features/foldingRanges.ts';
import type { Model } from '../../core/workspace/model.ts';
import { type PositionOf, placeUri, toHover } from '../lsp/convert.ts';
import { offsetIn } from '../lsp/encoding.ts';
import { toFoldingRanges } from '../lsp/outline.ts';
import { toTargets } from '../lsp/places.ts';
import { positionsBeside } from '../lsp/positions.ts';
import { toDocumentSymbols } from '../lsp/symbols.ts';
import type { Server } from '../server.ts';

/** Answers for effective documents, whose text is the editor's alone: it stands for a file without a name. */
const shown = '';

function positionsIn(server: Server, model: Model, text: string): PositionOf {
  return positionsBeside(server.positionsIn(model), text, server.clientCan.encoding);
}

export function onEffectiveDefinition(
  server: Server,
  params: DefinitionParams,
): LocationLink[] | Location[] | null {
  const effective = server.effectiveOf(params);
  if (effective === undefined) return null;
  const { model, context, document } = effective;
  const text = document.getText();
  const found = effectiveDefinition(
    model,
    context,
    text,
    offsetIn(document, params.position, server.clientCan.encoding),
  );
  return found
    ? toTargets(found, shown, server.clientCan.locationLinks, positionsIn(server, model, text))
    : null;
}

export function onEffectiveHover(server: Server, params: HoverParams): Hover | null {
  const effective = server.effectiveOf(params);
  if (effective === undefined) return null;
  const { model, context, document } = effective;
  const text = document.getText();
  const found = effectiveHover(
    model,
    context,
    text,
    offsetIn(document, params.position, server.clientCan.encoding),
    placeUri,
  );
  return found === undefined ? null : toHover(found, shown, positionsIn(server, model, text));
}

export function onEffectiveFolding(server: Server, params: FoldingRangeParams): FoldingRange[] | null {
  const effective = server.effectiveOf(params);
  if (effective === undefined) return null;
  const yaml = effectiveYaml(effective.document.getText());
  return toFoldingRanges(shown, foldsOf(yaml), positionsIn(server, effective.model, yaml.text));
}

export function onEffectiveSymbols(server: Server, params: DocumentSymbolParams): DocumentSymbol[] | null {
  const effective = server.effectiveOf(params);
  if (effective === undefined || !server.clientCan.hierarchicalSymbols) return null;
  const yaml = effectiveYaml(effective.document.getText());
  return toDocumentSymbols(shown, symbolsOf(yaml), positionsIn(server, effective.model, yaml.text));
}
