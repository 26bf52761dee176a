import { LSPErrorCodes, type PrepareRenameResult, ResponseError } from 'vscode-languageserver';
import type { prepareRename } from '../../core/features/rename/prepare.ts';
import type { Refusal } from '../../core/features/rename/refusal.ts';
import { relativePath } from '../../core/text/paths.ts';
import { type PositionOf, toRange } from './convert.ts';

/** Tells why nothing can be renamed, with the place as a person names it: `configs/common.yaml:3`. */
export function toRefusal(
  { message, at }: Refusal,
  root: string,
  positionOf: PositionOf,
): ResponseError<void> {
  const line = at && positionOf(at.file, at.range.start).line + 1;
  const place = at === undefined ? '' : ` (${relativePath(root, at.file)}:${line})`;
  return new ResponseError(LSPErrorCodes.RequestFailed, `Cannot rename: ${message}${place}`);
}

export function toPrepared(
  { range, placeholder }: NonNullable<ReturnType<typeof prepareRename>>,
  file: string,
  positionOf: PositionOf,
): PrepareRenameResult {
  return { range: toRange(file, range, positionOf), placeholder };
}
