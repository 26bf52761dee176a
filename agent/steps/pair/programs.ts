import fs from 'node:fs/promises';
import type { StepContext, StepWork } from '../../deploy/step.ts';
import { installFiles } from '../../deploy/steps/owned.ts';
import type { SideFile } from '../../deploy/steps/sideFiles.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { programFile, programsOfSlots } from '../supervisor/files.ts';
import { groupsIn } from '../supervisor/programs.ts';
import { processes, startAgain, stayUp, updateGroups } from '../supervisor/supervisorctl.ts';
import type { Runner } from './runner.ts';
import { filledFor, otherSlot, type PairSettings, type Slot } from './settings.ts';

/**
 * What a slot has as programs of supervisord; `undefined` where the app has none for slots. `refused` where both slots would have the same
 * ones.
 */
export async function programsOf(
  context: StepContext,
  settings: PairSettings,
  slot: Slot,
): Promise<SideFile | undefined> {
  const text = await programsOfSlots(context, settings.name);
  if (text === undefined) return undefined;
  const [own, other] = [slot, otherSlot(slot)].map((one) => filledFor(one, settings.address(one))(text));
  const others = new Set(namesIn(other ?? ''));
  const names = namesIn(own ?? '');
  if (names.length === 0 || names.some((name) => others.has(name))) {
    const message = `deploy/templates/supervisord/${settings.name}@.conf: each slot needs programs of its own: name them as in [program:${settings.name}-{slot}]`;
    throw new AgentError('refused', message);
  }
  return programFile(`${settings.name}@${slot}.conf`, own ?? '');
}

/** Whether a slot that was started runs as programs of supervisord. */
export async function isSupervised({ name }: PairSettings, slot: Slot): Promise<boolean> {
  return (await ifThere(fs.stat(pathOf(name, slot)))) !== undefined;
}

/** Why supervisord cannot run a slot, for a plan. */
export async function whyNotSupervised(context: StepContext): Promise<string[]> {
  const why = 'pair: supervisord does not run here, and the slots are programs of it';
  return (await processes(context)) === undefined ? [why] : [];
}

export function namesIn(text: string): string[] {
  return groupsIn([text]).map(({ name }) => name);
}

/**
 * Slots that are programs of supervisord. A slot that is to run has a file of its own in supervisord's folder, and another one has none: so
 * the right ones come up with the box, and nobody's `supervisorctl update` touches the slot that serves.
 */
export function programRunner(work: StepWork, settings: PairSettings): Runner {
  const at = (slot: Slot) => pathOf(settings.name, slot);
  const end = (slot: Slot) => endPrograms(work, at(slot));
  return {
    stop: end,
    async start(slot) {
      const file = await programsOf(work, settings, slot);
      if (file === undefined) throw new AgentError('refused', 'the release has no programs for slots');
      await installFiles(work, [...(await filesBeside(work, file.path)), file]);
      await upAndWell(work, String(file.content));
    },
    async keepUp(slot) {
      const text = await ifThere(fs.readFile(at(slot), 'utf8'));
      if (text === undefined) throw new AgentError('failed', `${at(slot)} is gone`);
      await upAndWell(work, text);
    },
    enable: async () => undefined,
    end,
  };
}

function pathOf(name: string, slot: Slot): string {
  return programFile(`${name}@${slot}.conf`, '').path;
}

/** What the app has there already, which stays. */
async function filesBeside({ owned }: StepWork, file: string): Promise<SideFile[]> {
  const found: SideFile[] = [];
  for (const path of owned.files.keys()) {
    if (path === file) continue;
    const content = await ifThere(fs.readFile(path));
    if (content !== undefined) found.push({ path, content, mode: (await fs.stat(path)).mode & 0o7777 });
  }
  return found;
}

/** Those that run already are let be. */
async function upAndWell(work: StepWork, text: string): Promise<void> {
  const groups = groupsIn([text]);
  const names = groups.map(({ name }) => name);
  await updateGroups(work, names, new Set(names));
  await startAgain(work, 'start', asGroups(names));
  await stayUp(work, groups, 0);
}

/** They are stopped first: what has no file any more is not known by name to the next life of the agent. */
export async function endPrograms(work: StepWork, file: string): Promise<void> {
  const text = await ifThere(fs.readFile(file, 'utf8'));
  if (text === undefined) return;
  const names = namesIn(text);
  const known = new Set((await processes(work))?.map(({ group }) => group));
  const there = names.filter((name) => known.has(name));
  if (there.length > 0) await work.run(['supervisorctl', 'stop', ...asGroups(there)]);
  await fs.rm(file, { force: true });
  if (there.length > 0) await updateGroups(work, there, new Set());
}

function asGroups(names: readonly string[]): string[] {
  return names.map((name) => `${name}:*`);
}
