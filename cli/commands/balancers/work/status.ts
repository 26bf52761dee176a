import { BalancerError, type BalancerState } from '../../../../remote/balancer/balancer.ts';
import { askBoxes } from '../../../boxes/askBoxes.ts';
import { exitCodes } from '../../../failure.ts';
import { interruptible } from '../../../interruption.ts';
import { foreignText } from '../../../output/foreignText.ts';
import { printJson } from '../../../output/json.ts';
import { colorsFor } from '../../../output/problems.ts';
import { tableText } from '../../../output/table.ts';
import type { BoxOptions } from '../../boxes/options.ts';
import { chosenWays, type Way } from './ways.ts';

interface Found extends BalancerState {
  way: Way;
  failure: string | null;
}

/** Asks how boxes stand with their balancers, and prints it. */
export async function showBalancers(names: string[], options: BoxOptions): Promise<void> {
  const ways = chosenWays(names, options);
  await interruptible(async (signal) => {
    const found = await askBoxes(ways, signal, (way) => stateOf(way, signal));
    // Who was interrupted has seen enough.
    if (!signal.aborted) print(found, options.json === true);
  });
}

async function stateOf(way: Way, signal: AbortSignal): Promise<Found> {
  try {
    return { way, ...(await way.balancer.state(signal)), failure: null };
  } catch (error) {
    // Who was interrupted is shown nothing.
    if (!(error instanceof BalancerError) && !signal.aborted) throw error;
    const { message } = error as Error;
    return { way, text: null, isIn: null, open: null, failure: message };
  }
}

function print(found: readonly Found[], isJson: boolean): void {
  if (found.some((one) => one.failure !== null)) process.exitCode = exitCodes.problems;
  if (isJson) {
    const balancers = found.map(({ way: { box, app, balancer }, text: state, isIn, open, failure }) => ({
      ...{ box, app, balancer: balancer.name, state, isIn, open, failure },
    }));
    printJson({ balancers });
    return;
  }
  const colors = colorsFor(process.stdout);
  const rows = found.map(({ way, text, isIn, open, failure }) => {
    const paint = isIn === true ? colors.green : colors.yellow;
    const state = failure === null ? (text === null ? '-' : paint(text)) : colors.red(foreignText(failure));
    return [way.box, way.app, way.balancer.name, open === null ? '-' : String(open), state];
  });
  process.stdout.write(tableText(['box', 'app', 'balancer', 'requests', 'state'], rows, colors));
}
