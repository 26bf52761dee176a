import type { StepWork } from '../../deploy/step.ts';
import { restartUnits, unitState } from '../systemd/systemctl.ts';
import type { Runner } from './runner.ts';
import type { PairSettings, Slot } from './settings.ts';

export function unitName({ name }: PairSettings, slot: Slot): string {
  return `${name}@${slot}.service`;
}

/** Slots that are instances of a template unit: `shop@blue.service`. */
export function unitRunner(work: StepWork, settings: PairSettings): Runner {
  const unit = (slot: Slot) => unitName(settings, slot);
  const start = (slot: Slot) => restartUnits(work, [unit(slot)]);
  return {
    stop: (slot) => work.run(['systemctl', 'stop', '--', unit(slot)]),
    start,
    async keepUp(slot) {
      if ((await unitState(work, unit(slot))).active !== 'active') await start(slot);
    },
    // What comes up with the box is read when it does: systemd need not read all of its units now, which makes apps slower meanwhile.
    enable: (slot) => work.run(['systemctl', 'enable', '--no-reload', '--', unit(slot)]),
    async end(slot) {
      await work.run(['systemctl', 'disable', '--no-reload', '--', unit(slot)]);
      await work.run(['systemctl', 'stop', '--', unit(slot)]);
    },
  };
}
