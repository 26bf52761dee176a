import { BalancerError } from '../../../../remote/balancer/balancer.ts';
import { exitCodes, UsageError } from '../../../failure.ts';
import { interruptible } from '../../../interruption.ts';
import { foreignText } from '../../../output/foreignText.ts';
import { colorsFor } from '../../../output/problems.ts';
import type { BoxOptions } from '../../boxes/options.ts';
import { chosenWays, type Way } from './ways.ts';

/** Takes boxes out of their balancers, one after the other. */
export async function takeOut(names: string[], options: BoxOptions): Promise<void> {
  await eachWay('out', names, options, async ({ balancer }, signal) => {
    const said = await balancer.leave(signal);
    if (said !== 'leaves') throw new BalancerError('no other box behind it is up, so it stays in');
    return await balancer.rest(signal);
  });
}

/** Puts boxes back, one after the other. */
export async function putBack(names: string[], options: BoxOptions): Promise<void> {
  await eachWay('in', names, options, async ({ balancer }, signal) => {
    await balancer.enter(true, signal);
    return null;
  });
}

type Work = (way: Way, signal: AbortSignal) => Promise<string | null>;

/** What does not work with one is told, and the others are done all the same. */
async function eachWay(what: 'out' | 'in', names: string[], options: BoxOptions, work: Work): Promise<void> {
  if (names.length === 0) throw new UsageError(`name the boxes: strata balancers ${what} BOX...`);
  const ways = chosenWays(names, options);
  await interruptible(async (signal) => {
    for (const way of ways) {
      const result = await resultOf(way, work, signal);
      if (signal.aborted) return;
      if (result.failure !== null) process.exitCode = exitCodes.problems;
      tell(what, way, result, options.json === true);
    }
  });
}

interface Result {
  note: string | null;
  failure: string | null;
}

async function resultOf(way: Way, work: Work, signal: AbortSignal): Promise<Result> {
  try {
    return { note: await work(way, signal), failure: null };
  } catch (error) {
    if (signal.aborted) return { note: null, failure: null };
    if (!(error instanceof BalancerError)) throw error;
    return { note: null, failure: error.message };
  }
}

function tell(
  what: 'out' | 'in',
  { box, app, balancer }: Way,
  { note, failure }: Result,
  isJson: boolean,
): void {
  if (isJson) {
    const told = { type: what, box, app, balancer: balancer.name, note, failure };
    return void process.stdout.write(`${JSON.stringify(told)}\n`);
  }
  const where = `${balancer.name} for ${app}`;
  if (failure === null) {
    const more = note === null ? '' : ` (${foreignText(note)})`;
    process.stdout.write(`${box}: ${what === 'out' ? 'out of' : 'in'} ${where}${more}\n`);
    return;
  }
  const text = `${box}: not ${what === 'out' ? 'taken out of' : 'put into'} ${where}: ${foreignText(failure)}`;
  process.stderr.write(`${colorsFor(process.stderr).red(text)}\n`);
}
