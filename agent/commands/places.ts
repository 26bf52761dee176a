import type { Command } from 'commander';
import { type Places, placesOf } from '../config/places.ts';

/** What every command is told of the box that it is about. */
export interface PlaceOptions {
  root?: string;
  config?: string;
}

/** Adds `--root` and `--config`. */
export function withPlaces(command: Command): Command {
  return command
    .option('--root <dir>', 'a folder of your own, which then holds all of the agent: apps, state and config')
    .option('--config <file>', 'the config file (default: /etc/strata/agent.yaml)');
}

export function placesFrom(options: PlaceOptions): Places {
  return placesOf({ root: options.root, config: options.config });
}
