import fs from 'node:fs';
import { loadConfig } from '../config/loadConfig.ts';
import { type PlaceOptions, placesFrom } from './places.ts';

/** The state folder of the box: what its config says, or the usual one where there is no config yet. */
export function stateOf(options: PlaceOptions): string {
  const places = placesFrom(options);
  const isThere = options.config !== undefined || fs.existsSync(places.config);
  return isThere ? loadConfig(places).state : places.state;
}
