import type { StepWork } from '../../deploy/step.ts';
import { isSupervised, programRunner, programsOf } from './programs.ts';
import type { Runner } from './runner.ts';
import { otherSlot, type PairSettings, type Slot, slots } from './settings.ts';
import type { SlotPlaces } from './slots.ts';
import { unitRunner } from './units.ts';

/** Which slot takes over from which: the same in every life of the agent. */
export interface Turn {
  /** Nothing where none served. */
  from: Slot | undefined;
  to: Slot;
  /** Those that are programs of supervisord; others are units of systemd. */
  supervised: readonly Slot[];
}

export function nextSlot(from: Slot | undefined): Slot {
  return from === undefined ? slots[0] : otherSlot(from);
}

/** The turn of this deployment, which is put down before anything is begun. */
export async function takeTurn(
  work: StepWork,
  settings: PairSettings,
  { serving }: SlotPlaces,
): Promise<Turn> {
  const known = await keptTurn(work);
  if (known !== undefined) return known;
  const from = await serving();
  const to = nextSlot(from);
  const supervised: Slot[] = [];
  if ((await programsOf(work, settings, to)) !== undefined) supervised.push(to);
  if (from !== undefined && (await isSupervised(settings, from))) supervised.push(from);
  await work.keep({ from: from ?? null, to, supervised });
  return { from, to, supervised };
}

/** What was put down, also by another life of the agent. */
export async function keptTurn({ kept }: StepWork): Promise<Turn | undefined> {
  const facts = await kept();
  const to = slots.find((slot) => slot === facts?.to);
  if (to === undefined) return undefined;
  const supervised = Array.isArray(facts?.supervised) ? facts.supervised : [];
  return {
    from: slots.find((slot) => slot === facts?.from),
    to,
    supervised: slots.filter((slot) => supervised.includes(slot)),
  };
}

export function runnerOf(
  work: StepWork,
  settings: PairSettings,
  { supervised }: Turn,
): (slot: Slot) => Runner {
  return (slot) => (supervised.includes(slot) ? programRunner(work, settings) : unitRunner(work, settings));
}
