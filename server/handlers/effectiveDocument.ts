import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { effectiveDocument } from '../../core/features/effectiveDocument.ts';
import { type CompareSide, isCompareSide } from '../../protocol/compare.ts';
import { isContextName } from '../../protocol/contexts.ts';
import type { EffectiveDocument } from '../../protocol/effective.ts';
import { type Asker, stoppable } from '../cancellable.ts';
import { loadSide } from '../comparedSide.ts';
import type { Server } from '../server.ts';

export async function onEffectiveDocument(
  { session }: Server,
  params: unknown,
  { token }: Asker,
): Promise<EffectiveDocument | null | ResponseError<void>> {
  const side = sideOf(params);
  const place = side && session.placeOfContext(side.context);
  if (side === undefined || place === undefined) return null;
  const { context } = place;
  if (side.ref === undefined) return { text: effectiveDocument(place.model, context) };
  const loaded = await stoppable(token, (signal) => loadSide(session, side, signal));
  if (loaded instanceof ResponseError) return loaded;
  if ('error' in loaded) return new ResponseError(LSPErrorCodes.RequestFailed, loaded.error);
  return { text: effectiveDocument(loaded.model, context, loaded.stack) };
}

function sideOf(params: unknown): CompareSide | undefined {
  if (isContextName(params)) return { context: params };
  return isCompareSide(params) ? params : undefined;
}
