import { ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { compareContexts } from '../../core/features/compareContexts.ts';
import { type CompareResult, isCompareParams } from '../../protocol/compare.ts';
import { type Asker, stoppable } from '../cancellable.ts';
import { loadSide } from '../comparedSide.ts';
import { toComparedSetting } from '../lsp/compare.ts';
import type { Server } from '../server.ts';

export async function onCompare(
  { session, positionsIn }: Server,
  params: unknown,
  { token }: Asker,
): Promise<CompareResult | ResponseError<void>> {
  if (!isCompareParams(params)) {
    return new ResponseError(ErrorCodes.InvalidParams, 'two sides are compared, each with a context');
  }
  const sides = await stoppable(token, (signal) =>
    Promise.all([loadSide(session, params.left, signal), loadSide(session, params.right, signal)]),
  );
  if (sides instanceof ResponseError) return sides;
  const [left, right] = sides;
  if ('error' in left) return new ResponseError(LSPErrorCodes.RequestFailed, left.error);
  if ('error' in right) return new ResponseError(LSPErrorCodes.RequestFailed, right.error);
  const placesOf = ({ model }: typeof left) => ({
    root: model.workspace.root,
    positionOf: positionsIn(model),
  });
  const [from, to] = [placesOf(left), placesOf(right)];
  return { changes: compareContexts(left, right).map((one) => toComparedSetting(one, from, to)) };
}
