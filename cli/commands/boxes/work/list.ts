import type { Box } from '../../../../core/workspace/boxSettings.ts';
import { printJson } from '../../../output/json.ts';
import { colorsFor } from '../../../output/problems.ts';
import { tableText } from '../../../output/table.ts';
import type { BoxOptions } from '../options.ts';
import { chosenBoxes } from './chosen.ts';

/** Prints the boxes that are meant. */
export function listBoxes(names: string[], options: BoxOptions): void {
  const boxes = chosenBoxes(names, options);
  if (options.json) {
    printJson({ boxes: boxes.map(boxJson) });
    return;
  }
  const rows = boxes.map((one) => [
    ...[one.name, one.url, one.environment, one.cluster ?? '-'],
    one.apps?.join(', ') ?? '(all)',
    Object.entries(one.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(' '),
  ]);
  const head = ['box', 'url', 'environment', 'cluster', 'apps', 'labels'];
  process.stdout.write(tableText(head, rows, colorsFor(process.stdout)));
}

/** A box with `null` for what is not said of it. */
function boxJson({
  name,
  url,
  environment,
  cluster = null,
  apps,
  labels,
}: Omit<Box, 'cluster'> & { cluster?: string | null }): object {
  return { name, url, environment, cluster, apps: apps ?? null, labels };
}
