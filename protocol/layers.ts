import { type ContextName, isContextName } from './contexts.ts';
import { isPlace, type Place } from './place.ts';
import { isCount, isFlag, isListOf, isObject, isOrNull, isText } from './values.ts';

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
  /** Lowest first; the place tells layers of one slot apart, `null` where the slot does. */
  layers: { slot: string; place: string | null; file: string; uri: string }[];
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
  return isObject(value) && isContextName(value.context);
}

/** Whether a value that came over the wire is an answer of `strata/slots`. */
export function isSlotsResult(value: unknown): value is SlotsResult {
  return isObject(value) && isListOf(value.slots, isSlotPlace);
}

function isSlotPlace(value: unknown): value is SlotPlace {
  return (
    isObject(value) &&
    isText(value.slot) &&
    isText(value.file) &&
    isText(value.uri) &&
    isFlag(value.isThere) &&
    isListOf(value.contexts, isText)
  );
}

/** Whether a value that came over the wire is an answer of `strata/layerMap`. */
export function isLayerMapResult(value: unknown): value is LayerMapResult {
  return (
    isObject(value) &&
    isText(value.app) &&
    isListOf(value.contexts, isContextName) &&
    isListOf(value.layers, isMapLayer) &&
    isListOf(value.sections, isMapSection)
  );
}

function isMapLayer(value: unknown): value is LayerMapResult['layers'][number] {
  const isTold = isObject(value) && isText(value.slot) && isText(value.file) && isText(value.uri);
  return isTold && isOrNull(value.place, isText);
}

function isMapSection(value: unknown): value is MapSection {
  return isObject(value) && isListOf(value.path, isText) && isListOf(value.cells, isMapCell);
}

function isMapCell(value: unknown): value is MapCell {
  return (
    isObject(value) && isCount(value.layer) && isPlace(value.place) && isListOf(value.contexts, isCellContext)
  );
}

function isCellContext(value: unknown): value is MapCell['contexts'][number] {
  return isObject(value) && isCount(value.context) && isCount(value.given) && isCount(value.won);
}
