import type { Model } from '../../workspace/model.ts';
import type { ChainLink } from '../explain.ts';
import { type LinkTo, placeLink } from '../markdown.ts';

/** A layer's say as a link to its place; what Strata itself says by the name of its slot. */
export function layerLink(model: Model, link: ChainLink | undefined, linkTo: LinkTo): string {
  if (link === undefined) return '';
  if (link.file === '' || link.keyRange === undefined) return `*${link.slot}*`;
  const position = model.lines(link.file).position(link.keyRange.start);
  return placeLink(link.file, position, linkTo);
}
