import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Step, StepContext, StepPlan, StepWork } from '../../deploy/step.ts';
import { planFiles } from '../../deploy/steps/owned.ts';
import type { SideFile } from '../../deploy/steps/sideFiles.ts';
import { refuseTaken } from '../../deploy/steps/taken.ts';
import { writeRendered } from '../rendered.ts';
import { namesakes, refuseNamesakes } from '../supervisor/namesakes.ts';
import { type Balancer, balancerOf } from './balancer.ts';
import { passHealth } from './health.ts';
import { endLeft, isLeft, planLeft } from './left.ts';
import { namesIn, programFilesOf, programsOf, whyNotSupervised } from './programs.ts';
import type { Runner } from './runner.ts';
import { type PairSettings, pairSettings, type Slot } from './settings.ts';
import { type SlotPlaces, slotPlaces } from './slots.ts';
import { keptTurn, nextSlot, runnerOf, type Turn, takeTurn } from './turn.ts';
import { unitName } from './units.ts';

/**
 * Two slots that take turns: the idle one is started on the new release, and gets the requests once it is healthy. The old one finishes what
 * it has, stays up until the deployment is healthy as a whole, so that going back needs no start, and is stopped then. Whatever happens on the way,
 * one of both serves.
 */
export function pairStep(): Step {
  return { name: 'pair', plan, prepare, deployed, withdraw, settled };
}

/** What the step works with. */
interface Pair {
  work: StepWork;
  settings: PairSettings;
  places: SlotPlaces;
  balancer: Balancer;
  runner(slot: Slot): Runner;
}

function pairOf(work: StepWork, turn: Turn): Pair {
  const settings = pairSettings(work);
  return {
    ...{ work, settings },
    places: slotPlaces(work.root, work.app),
    balancer: balancerOf(settings, work),
    runner: runnerOf(work, settings, turn),
  };
}

async function plan(context: StepContext): Promise<StepPlan> {
  if (await isLeft(context)) return planLeft(context);
  const settings = pairSettings(context);
  const from = await slotPlaces(context.root, context.app).serving();
  const to = nextSlot(from);
  const told =
    from === undefined ? 'none serves yet' : `${from} serves now, finishes its requests and is stopped`;
  const notes = [
    `pair: ${context.version} is started in the slot ${to}; ${told}; migrations come before the switch`,
  ];
  const programs = await programsOf(context, settings, to);
  if (programs === undefined) return { restarts: [unitName(settings, to)], notes };
  const { files, obstacles } = await planFiles(context, [programs]);
  const restarts = namesIn(String(programs.content));
  const others = await namesakes(context, textsOf(await programFilesOf(context, settings)));
  return {
    restarts,
    notes,
    files,
    obstacles: [...obstacles, ...others, ...(await whyNotSupervised(context))],
  };
}

/** What cannot be rendered is told before anything is switched. */
async function prepare(work: StepWork): Promise<void> {
  if (await isLeft(work)) return;
  const settings = pairSettings(work);
  const files = await programFilesOf(work, settings);
  if (files.length === 0) return;
  await refuseTaken(work, files);
  await refuseNamesakes(work, textsOf(files));
  await writeRendered(work, 'pair', textsOf(files));
}

/** What files hold, by their names. */
function textsOf(files: readonly SideFile[]): Map<string, string> {
  return new Map(files.map(({ path: at, content }) => [path.basename(at), String(content)]));
}

async function deployed(work: StepWork): Promise<void> {
  if (await isLeft(work)) return;
  const turn = await takeTurn(work, pairSettings(work), slotPlaces(work.root, work.app));
  const pair = pairOf(work, turn);
  const { to } = turn;
  if ((await pair.places.serving()) !== to) {
    await startSlot(pair, to);
    // From here on the next life of the agent leaves the new slot alone, since it may have requests.
    await pair.places.serve(to);
  }
  await pair.balancer.lead(to);
  await pair.runner(to).enable(to);
}

async function startSlot({ work, settings, places, balancer, runner }: Pair, to: Slot): Promise<void> {
  await balancer.rest(to);
  await runner(to).stop(to);
  await places.point(to, work.release, settings.address(to));
  await runner(to).start(to);
  await passHealth(work, settings, to);
}

/** The slot of before gets the requests again: it is still up, or is started once more. */
async function withdraw(work: StepWork): Promise<void> {
  const turn = await keptTurn(work);
  if (turn === undefined) return;
  const pair = pairOf(work, turn);
  const { places, balancer, runner } = pair;
  const { from, to } = turn;
  if (from !== undefined) {
    await runner(from).keepUp(from);
    await balancer.lead(from);
    await places.serve(from);
    await drain(pair, to);
  }
  await runner(to).end(to);
  if (from === undefined) await places.serveNone();
}

/** The old slot is stopped when nothing of it is open any more. */
async function settled(work: StepWork): Promise<void> {
  if (await isLeft(work)) return await endLeft(work);
  const turn = await keptTurn(work);
  if (turn?.from === undefined) return;
  const pair = pairOf(work, turn);
  await drain(pair, turn.from);
  await pair.runner(turn.from).end(turn.from);
}

const lookEveryMs = 100;

/** Waits until nothing of a slot is open, within bounds, and has it get nothing more. */
async function drain({ work, settings, balancer }: Pair, slot: Slot): Promise<void> {
  const until = performance.now() + settings.drainMs;
  let open = await balancer.open(slot);
  if (open > 0) work.log(`waiting for ${open} open requests of the slot ${slot}`, 'agent');
  while (open > 0 && performance.now() < until) {
    await wait(lookEveryMs);
    open = await balancer.open(slot);
  }
  if (open > 0)
    work.log(
      `${open} requests of the slot ${slot} are still open after ${settings.drainMs / 1000} s`,
      'agent',
    );
  await balancer.rest(slot);
}
