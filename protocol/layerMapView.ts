import type { LayerMapResult } from './layers.ts';
import { isPlace, type Place } from './place.ts';

/** What the layer map's page is told. */
export interface LayerMapMessage {
  type: 'map';
  map: LayerMapResult;
  /** The index of the context that is looked at; `null` for all of them. */
  context: number | null;
  texts: LayerMapTexts;
}

/** What the page says to people, in their language. `{0}`, `{1}` stand for what is told. */
export interface LayerMapTexts {
  title: string;
  all: string;
  section: string;
  /** `{0}` the layer, `{1}` the section. */
  cell: string;
  /** `{0}` the context, `{1}` of how many settings it wins, `{2}` how many it speaks of. */
  counts: string;
  wins: string;
  partly: string;
  overridden: string;
}

/** What the page tells: it can show a map, or a person chose a context or wants to see a place. */
export type LayerMapAnswer =
  | { type: 'ready' }
  | { type: 'context'; context: number | null }
  | { type: 'open'; place: Place };

/** Whether a message is from the layer map's page. */
export function isLayerMapAnswer(value: unknown): value is LayerMapAnswer {
  const { type, place, context } = (value ?? {}) as Record<string, unknown>;
  if (type === 'ready') return true;
  if (type === 'context') return context === null || typeof context === 'number';
  return type === 'open' && isPlace(place);
}
