import fs from 'node:fs/promises';
import path from 'node:path';
import type { StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { appPlaces } from '../../releases/layout.ts';
import { removeTree } from '../../releases/staging.ts';
import { hasPrepareHook } from '../madeLater.ts';

/**
 * Has systemd check units before anything is changed; `refused` with what it says. What they name below `live` is looked for in the new
 * release, which is not live yet.
 */
export async function verifyUnits(work: StepWork, units: ReadonlyMap<string, string>): Promise<void> {
  const { live } = appPlaces(work.root, work.app);
  const folder = path.join(path.dirname(work.release), 'units');
  try {
    for (const [name, text] of units) {
      const file = path.join(folder, name);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, text.replaceAll(live, work.release));
    }
    const files = [...units.keys()]
      .filter((name) => !name.includes('/'))
      .map((name) => path.join(folder, name));
    const { code, stdout, stderr } = await work.ask(['systemd-analyze', 'verify', '--man=no', ...files]);
    const told = `${stdout}${stderr}`
      .replaceAll(`${folder}/`, '')
      .replaceAll(work.release, live)
      .split('\n')
      .filter((line) => line !== '');
    for (const line of told) work.log(line, 'stderr');
    if (code !== 0 && !(await isMadeLater(work, told, live)))
      throw new AgentError('refused', `systemd refuses the units: ${told.join('; ')}`);
  } finally {
    await removeTree(folder);
  }
}

/** Whether all that is missing are programs of the release, which its own hook `prepare` may make. */
async function isMadeLater(work: StepWork, told: readonly string[], live: string): Promise<boolean> {
  if (!(await hasPrepareHook(work))) return false;
  return told.every((line) => line.includes(`Command ${live}/`) && line.includes('is not executable'));
}
