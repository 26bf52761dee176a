import type { StepWork } from '../../deploy/step.ts';
import { restartUnits, triggeredBy, unitState } from './systemctl.ts';
import { isService } from './units.ts';

/**
 * Starts services anew, and of the other units those that changed: a socket that stays as it is keeps connections waiting meanwhile, and a
 * timer its time. `failed` with the last lines of the journal of one that does not start, or has ended already.
 */
export async function startUnits(
  work: StepWork,
  units: readonly string[],
  changed: readonly string[],
): Promise<void> {
  const services = units.filter(isService);
  const others = units.filter((name) => !isService(name));
  const anew = others.filter((name) => changed.includes(name));
  await freeSockets(work, anew);
  await restartUnits(work, anew);
  const same = others.filter((name) => !changed.includes(name));
  if (same.length > 0) await work.run(['systemctl', 'start', '--', ...same]);
  await restartUnits(work, services, others);
}

/** A socket cannot be started while its service runs. */
async function freeSockets(work: StepWork, units: readonly string[]): Promise<void> {
  for (const socket of units.filter((name) => name.endsWith('.socket')))
    for (const service of await triggeredBy(work, socket))
      if ((await unitState(work, service)).isActive) await work.run(['systemctl', 'stop', '--', service]);
}
