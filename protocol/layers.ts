import { type ContextName, isContextName } from './contexts.ts';
import { isPlace, type Place } from './place.ts';

/** What the language server and its client say to each other about an app's layers. */
export const layersMethods = {
  /** Request with an `AppName`, answered by a `SlotsResult`, or `null` for an unknown app. */
  slots: 'strata/slots',
  /** Request with an `AppName`, answered by a `LayerMapResult`, or `null` for an unknown app. */
  map: 'strata/layerMap',
} as const;

/** An app, told from one of the same name in another folder by one of its contexts. */
export interface AppName {
  context: ContextName;
}

/** Every place where a layer of an app is or could be, lowest first. */
export interface SlotsResult {
  slots: SlotPlace[];
}

export interface SlotPlace {
  /** The name of the place in the order, `common-production`. */
  slot: string;
  /** The file that is there, or the one to be made, seen from the workspace's folder. */
  file: string;
  uri: string;
  isThere: boolean;
  /** The contexts of the app that load it, as people are shown them; those of builds only where no other does. */
  contexts: string[];
}

/** Which layers of an app speak of which parts of its configuration, and which of them win. */
export interface LayerMapResult {
  app: string;
  contexts: ContextName[];
  /** Lowest first. */
  layers: { slot: string; file: string; uri: string }[];
  sections: MapSection[];
}

export interface MapSection {
  /** The keys that lead to it: one, or two where the first is a mapping. */
  path: string[];
  cells: MapCell[];
}

export interface MapCell {
  /** Its index in the map. */
  layer: number;
  /** The first key that it says something with. */
  place: Place;
  /** For the contexts (by their index in the map) that load it: how many settings it speaks of, and of how many its word is the last. */
  contexts: { context: number; given: number; won: number }[];
}

/** Whether a value that came over the wire names an app. */
export function isAppName(value: unknown): value is AppName {
  return isContextName((value as AppName | null)?.context);
}

/** Whether a value that came over the wire is an answer of `strata/slots`. */
export function isSlotsResult(value: unknown): value is SlotsResult {
  const { slots } = (value ?? {}) as Record<string, unknown>;
  return Array.isArray(slots) && slots.every(isSlotPlace);
}

function isSlotPlace(value: unknown): value is SlotPlace {
  if (typeof value !== 'object' || value === null) return false;
  const { slot, file, uri, isThere, contexts } = value as Record<string, unknown>;
  return (
    [slot, file, uri].every((one) => typeof one === 'string') &&
    typeof isThere === 'boolean' &&
    Array.isArray(contexts) &&
    contexts.every((one) => typeof one === 'string')
  );
}

/** Whether a value that came over the wire is an answer of `strata/layerMap`. */
export function isLayerMapResult(value: unknown): value is LayerMapResult {
  if (typeof value !== 'object' || value === null) return false;
  const { app, contexts, layers, sections } = value as Record<string, unknown>;
  return (
    typeof app === 'string' &&
    Array.isArray(contexts) &&
    contexts.every(isContextName) &&
    Array.isArray(layers) &&
    layers.every(isMapLayer) &&
    Array.isArray(sections) &&
    sections.every(isMapSection)
  );
}

function isMapLayer(value: unknown): boolean {
  const { slot, file, uri } = (value ?? {}) as Record<string, unknown>;
  return [slot, file, uri].every((one) => typeof one === 'string');
}

function isMapSection(value: unknown): value is MapSection {
  const { path, cells } = (value ?? {}) as Record<string, unknown>;
  const isPath = Array.isArray(path) && path.every((key) => typeof key === 'string');
  return isPath && Array.isArray(cells) && cells.every(isMapCell);
}

function isMapCell(value: unknown): value is MapCell {
  const { layer, place, contexts } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof layer === 'number' && isPlace(place) && Array.isArray(contexts) && contexts.every(isCellContext)
  );
}

function isCellContext(value: unknown): boolean {
  const { context, given, won } = (value ?? {}) as Record<string, unknown>;
  return [context, given, won].every((one) => typeof one === 'number');
}
