import type { Location, ReferenceParams, ResponseError } from 'vscode-languageserver';
import { codeReferences } from '../../core/features/codeReferences.ts';
import { references } from '../../core/features/references.ts';
import { type Asker, cancelled } from '../cancellable.ts';
import { toLocations } from '../lsp/places.ts';
import type { Server } from '../server.ts';
import { inSlices } from '../slices.ts';

/** Layers and public data first; behind them what the code of the apps seems to use, since that is a guess. */
export async function onReferences(
  server: Server,
  params: ReferenceParams,
  { token, progress }: Asker,
): Promise<Location[] | ResponseError<void> | null> {
  const place = server.placeOf(params);
  if (place === undefined) return null;
  const { model, ...at } = place;
  const question = { ...at, chosen: server.session.chosen() };
  const { includeDeclaration } = params.context;
  const found = references(model, at.file, at.offset, { chosen: question.chosen, includeDeclaration });
  if (found === undefined) return null;
  const search = codeReferences(model, server.source, question, server.settings().codeSearch);
  progress?.begin('Looking through code', undefined, undefined, true);
  const inCode = await inSlices(search, token);
  progress?.done();
  return inCode === undefined
    ? cancelled()
    : toLocations([...found, ...inCode.result], server.positionsIn(model));
}
