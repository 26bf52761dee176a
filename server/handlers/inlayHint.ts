import type { InlayHint, InlayHintParams } from 'vscode-languageserver';
import { inlayHints } from '../../core/features/inlayHints.ts';
import type { Server } from '../server.ts';

export function onInlayHint(server: Server, { textDocument, range }: InlayHintParams): InlayHint[] | null {
  if (!server.settings().inlayHints) return null;
  const from = server.placeOf({ textDocument, position: range.start });
  const to = server.placeOf({ textDocument, position: range.end });
  if (from === undefined || to === undefined) return null;
  const { model, file } = from;
  const within = { start: from.offset, end: to.offset };
  const positionOf = server.positionsIn(model);
  return inlayHints(model, file, within, server.session.chosen()).map(({ offset, text }) => ({
    position: positionOf(file, offset),
    label: text,
    paddingLeft: true,
  }));
}
