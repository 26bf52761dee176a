import type { Location, LocationLink } from 'vscode-languageserver';
import type { Definition, Definitions } from '../../core/features/definition.ts';
import { type PositionOf, toLocationLinks, toRange } from './convert.ts';

/** Places to go to: links from the key where the editor knows them, else places alone. */
export function toTargets(
  found: Definitions,
  file: string,
  canLink: boolean,
  positionOf: PositionOf,
): LocationLink[] | Location[] {
  return canLink ? toLocationLinks(found, file, positionOf) : toLocations(found.definitions, positionOf);
}

/** Places to go to, each with its key as the range. */
export function toLocations(found: readonly Definition[], positionOf: PositionOf): Location[] {
  return found.map(({ file, keyRange }) => ({
    uri: positionOf.uriOf(file),
    range: toRange(file, keyRange, positionOf),
  }));
}
