import { setTimeout as wait } from 'node:timers/promises';
import { passGate } from '../../deploy/health/gate.ts';
import { gateOf } from '../../deploy/health/healthGate.ts';
import type { HealthCheck } from '../../deploy/health/probe.ts';
import type { Step, StepContext, StepPlan, StepWork } from '../../deploy/step.ts';
import { restartUnits, unitState } from '../systemd/systemctl.ts';
import { type Balancer, balancerOf } from './balancer.ts';
import {
  otherSlot,
  type PairSettings,
  pairSettings,
  type Slot,
  type SlotAddress,
  slots,
} from './settings.ts';
import { type SlotPlaces, slotPlaces } from './slots.ts';

/**
 * Two slots that take turns: the idle one is started on the new release, and gets the requests once it is healthy. The old one finishes what
 * it has, stays up until the deployment is healthy as a whole, so that going back needs no start, and is stopped then. Whatever happens on the way,
 * one of both serves.
 */
export function pairStep(): Step {
  return { name: 'pair', plan, deployed, withdraw, settled };
}

/** What the step works with. */
interface Pair {
  work: StepWork;
  settings: PairSettings;
  places: SlotPlaces;
  balancer: Balancer;
}

function pairOf(work: StepWork): Pair {
  const settings = pairSettings(work);
  return { work, settings, places: slotPlaces(work.root, work.app), balancer: balancerOf(settings, work) };
}

async function plan(context: StepContext): Promise<StepPlan> {
  const { unit } = pairSettings(context);
  const from = await slotPlaces(context.root, context.app).serving();
  const to = nextSlot(from);
  const told =
    from === undefined ? 'none serves yet' : `${from} serves now, finishes its requests and is stopped`;
  return {
    restarts: [unit(to)],
    notes: [
      `pair: ${context.version} is started in the slot ${to}; ${told}; migrations come before the switch`,
    ],
  };
}

function nextSlot(from: Slot | undefined): Slot {
  return from === undefined ? slots[0] : otherSlot(from);
}

async function deployed(work: StepWork): Promise<void> {
  const pair = pairOf(work);
  const { places, settings, balancer } = pair;
  const to = await chooseSlot(pair);
  if ((await places.serving()) !== to) {
    await startSlot(pair, to);
    // From here on the next life of the agent leaves the new slot alone, since it may have requests.
    await places.serve(to);
  }
  await balancer.lead(to);
  await work.run(['systemctl', 'enable', '--', settings.unit(to)]);
}

/** The slot that this deployment takes: the same one in every life of the agent. */
async function chooseSlot({ work, places }: Pair): Promise<Slot> {
  const kept = await work.kept();
  const known = slots.find((slot) => slot === kept?.to);
  if (known !== undefined) return known;
  const from = await places.serving();
  const to = nextSlot(from);
  await work.keep({ from: from ?? null, to });
  return to;
}

async function startSlot({ work, settings, places, balancer }: Pair, to: Slot): Promise<void> {
  await balancer.rest(to);
  await work.run(['systemctl', 'stop', '--', settings.unit(to)]);
  await places.point(to, work.release, settings.address(to));
  await restartUnits(work, [settings.unit(to)]);
  await passHealth(work, settings, to);
}

async function passHealth(work: StepWork, { health, address }: PairSettings, slot: Slot): Promise<void> {
  const gate = (health && gateOf(health)) ?? { check: connects(address(slot)), minHealthyMs: 0 };
  const check = atSlot(gate.check, address(slot));
  const context = { cwd: work.release, env: {}, user: work.user, signal: work.signal };
  await passGate({ ...gate, check }, context, (isHealthy, text) =>
    work.log(`the slot ${slot} is ${isHealthy ? 'healthy' : 'not healthy yet'}: ${text}`, 'agent'),
  );
}

function connects(address: SlotAddress): HealthCheck {
  return 'port' in address
    ? { kind: 'tcp', host: '127.0.0.1', port: address.port }
    : { kind: 'socket', path: address.socket };
}

/** A check that names the slot by `{port}` or `{socket}`; one of HTTP goes to the slot's own socket. */
function atSlot(check: HealthCheck, address: SlotAddress): HealthCheck {
  const filled = (text: string) =>
    'port' in address
      ? text.replaceAll('{port}', String(address.port))
      : text.replaceAll('{socket}', address.socket);
  if (check.kind === 'http') {
    const url = filled(check.url);
    return 'port' in address ? { ...check, url } : { ...check, url, socket: address.socket };
  }
  if (check.kind !== 'command') return check;
  const [program, ...args] = check.command;
  return { ...check, command: [program, ...args.map(filled)] };
}

/** The slot of before gets the requests again: it is still up, or is started once more. */
async function withdraw(work: StepWork): Promise<void> {
  const kept = await work.kept();
  const to = slots.find((slot) => slot === kept?.to);
  if (to === undefined) return;
  const from = slots.find((slot) => slot === kept?.from);
  const { settings, places, balancer } = pairOf(work);
  if (from !== undefined) {
    if ((await unitState(work, settings.unit(from))).active !== 'active')
      await restartUnits(work, [settings.unit(from)]);
    await balancer.lead(from);
    await places.serve(from);
    await drain({ work, settings, places, balancer }, to);
  }
  await work.run(['systemctl', 'disable', '--now', '--', settings.unit(to)]);
  if (from === undefined) await places.serveNone();
}

/** The old slot is stopped when nothing of it is open any more. */
async function settled(work: StepWork): Promise<void> {
  const kept = await work.kept();
  const from = slots.find((slot) => slot === kept?.from);
  if (from === undefined) return;
  const pair = pairOf(work);
  await drain(pair, from);
  await work.run(['systemctl', 'disable', '--now', '--', pair.settings.unit(from)]);
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
