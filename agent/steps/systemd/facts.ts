import type { StepWork } from '../../deploy/step.ts';
import { unitState } from './systemctl.ts';
import { isTemplate, isUnitName } from './units.ts';

/** How a unit was before a deployment. */
export interface UnitBefore {
  name: string;
  /** Whether systemd had it at all. */
  isKnown: boolean;
  isEnabled: boolean;
  isActive: boolean;
}

/** What is put down before anything of the box is changed. */
export interface Facts {
  units: UnitBefore[];
  /** Those whose file, or a part of it, is another one in the release. */
  changed: string[];
  /** What has to stay up, once it was started, and since when, in milliseconds since 1970. */
  started?: { units: string[]; since: number };
}

/** @param names files of units, as they are called below the folder of units; and those that differ. */
export async function factsOf(work: StepWork, names: string[], changed: string[]): Promise<Facts> {
  const units: UnitBefore[] = [];
  for (const name of [...new Set(names.filter(isUnitName))].sort())
    units.push(await before(work, name, changed));
  return { units, changed: [...new Set(changed.map(unitOf))] };
}

async function before(work: StepWork, name: string, changed: string[]): Promise<UnitBefore> {
  // Of templates systemd tells nothing; those that are not new may have instances, which are not for us to end.
  if (isTemplate(name)) {
    const { code } = await work.ask(['systemctl', 'cat', '--', name]);
    return { name, isKnown: code === 0 || !changed.includes(name), isEnabled: false, isActive: false };
  }
  const { isKnown, isEnabled, isActive } = await unitState(work, name);
  return { name, isKnown, isEnabled, isActive };
}

/** What was put down, also by another life of the agent. */
export async function keptFacts(work: StepWork): Promise<Facts | undefined> {
  return (await work.kept()) as Facts | undefined;
}

/** `shop.service` for `shop.service.d/more.conf`. */
function unitOf(name: string): string {
  return name.replace(/\.d\/.*$/, '');
}
