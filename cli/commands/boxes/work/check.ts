import { type Health, healthOf } from '../../../../remote/boxHealth.ts';
import { askBoxes } from '../../../boxes/askBoxes.ts';
import { readCredentials } from '../../../boxes/credentials.ts';
import { readTimeout } from '../../../boxes/timeout.ts';
import { exitCodes } from '../../../failure.ts';
import { interruptible } from '../../../interruption.ts';
import { printJson } from '../../../output/json.ts';
import { colorsFor } from '../../../output/problems.ts';
import { tableText } from '../../../output/table.ts';
import type { BoxOptions } from '../options.ts';
import { chosenBoxes } from './chosen.ts';

interface Options extends BoxOptions {
  timeout: string;
}

/** Asks the boxes that are meant how they are, and prints it in the order of the manifest. */
export async function checkBoxes(names: string[], options: Options): Promise<void> {
  const timeoutMs = readTimeout(options.timeout);
  const boxes = chosenBoxes(names, options);
  const credentialsOf = readCredentials();
  await interruptible(async (signal) => {
    const found = await askBoxes(boxes, signal, (box) =>
      healthOf(box, credentialsOf(box.name), { timeoutMs, signal }),
    );
    // Who was interrupted has seen enough.
    if (!signal.aborted) print(found, options);
  });
}

function print(found: readonly Health[], { json }: Options): void {
  if (found.some((one) => one.faults.length > 0)) process.exitCode = exitCodes.problems;
  if (json) {
    printJson({ boxes: found.map((one) => ({ ...one, certificateEnds: dateText(one.certificateEnds) })) });
    return;
  }
  const colors = colorsFor(process.stdout);
  const rows = found.map((one) => [
    ...[one.box, one.version ?? '-', one.tookMs === null ? '-' : `${one.tookMs} ms`],
    one.skewMs === null ? '-' : `${(one.skewMs / 1000).toFixed(1)} s`,
    dateText(one.certificateEnds)?.slice(0, 10) ?? '-',
    one.faults.length === 0 ? colors.green('ok') : colors.red(one.faults.join('; ')),
  ]);
  const head = ['box', 'version', 'answer', 'clock', 'certificate until', 'state'];
  process.stdout.write(tableText(head, rows, colors));
}

function dateText(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
