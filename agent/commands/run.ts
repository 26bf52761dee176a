import { Command } from 'commander';
import { serve } from '../serve.ts';
import { startBox } from '../startBox.ts';
import { type PlaceOptions, placesFrom, withPlaces } from './places.ts';

interface RunOptions extends PlaceOptions {
  attached?: true;
}

/** `strata-agent run`: serves the box until it is told to end. */
export function runCommand(): Command {
  return withPlaces(
    new Command('run')
      .summary('carry out deployments until told to end')
      .description(
        'Carries out deployments. SIGTERM ends it when what runs can be taken up again; SIGHUP reads the config anew.',
      )
      .option(
        '--attached',
        'end as at SIGTERM when standard input does, and so with whoever holds its other end',
      ),
  ).action((options: RunOptions) =>
    serve(placesFrom(options), startBox, { isAttached: options.attached === true }),
  );
}
