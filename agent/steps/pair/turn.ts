import type { StepWork } from '../../deploy/step.ts';
import { namesIn, programRunner, programsOf, programsOnBox } from './programs.ts';
import type { Runner } from './runner.ts';
import { otherSlot, type PairSettings, type Slot, slots } from './settings.ts';
import type { SlotPlaces } from './slots.ts';
import { unitRunner } from './units.ts';

/** Which slot takes over from which: the same in every life of the agent. */
export interface Turn {
  /** Nothing where none served. */
  from: Slot | undefined;
  to: Slot;
  /** The names of those slots that are programs of supervisord; the others are units of systemd. */
  programs: Readonly<Partial<Record<Slot, readonly string[]>>>;
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
  const own = await programsOf(work, settings, to);
  const old = from && (await programsOnBox(settings, from));
  const programs: Turn['programs'] = {
    ...(own === undefined ? {} : { [to]: namesIn(String(own.content)) }),
    ...(from === undefined || old === undefined ? {} : { [from]: old }),
  };
  await work.keep({ from: from ?? null, to, programs });
  return { from, to, programs };
}

/** What was put down, also by another life of the agent. */
export async function keptTurn({ kept }: StepWork): Promise<Turn | undefined> {
  const facts = await kept();
  const to = slots.find((slot) => slot === facts?.to);
  if (to === undefined) return undefined;
  const from = slots.find((slot) => slot === facts?.from);
  return { from, to, programs: (facts?.programs ?? {}) as Turn['programs'] };
}

export function runnerOf(work: StepWork, settings: PairSettings, { programs }: Turn): (slot: Slot) => Runner {
  return (slot) => {
    const names = programs[slot];
    return names === undefined ? unitRunner(work, settings) : programRunner(work, settings, names);
  };
}
