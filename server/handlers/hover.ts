import type { Hover, HoverParams } from 'vscode-languageserver';
import { hover } from '../../core/features/hover.ts';
import { placeUri, toHover } from '../lsp/convert.ts';
import type { Server } from '../server.ts';
import { onEffectiveHover } from './effectiveSource.ts';

export function onHover(server: Server, params: HoverParams): Hover | null {
  const place = server.placeOf(params);
  if (place === undefined) return onEffectiveHover(server, params);
  const { model, file, offset } = place;
  const found = hover(model, file, offset, { chosen: server.session.chosen(), linkTo: placeUri });
  return found === undefined ? null : toHover(found, file, server.positionsIn(model));
}
