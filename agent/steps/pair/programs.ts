import fs from 'node:fs/promises';
import type { StepContext, StepWork } from '../../deploy/step.ts';
import { installFiles } from '../../deploy/steps/owned.ts';
import type { SideFile } from '../../deploy/steps/sideFiles.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { programFile, programsOfSlots } from '../supervisor/files.ts';
import { groupsIn } from '../supervisor/programs.ts';
import { processes, startAgain, stayUp } from '../supervisor/supervisorctl.ts';
import type { Runner } from './runner.ts';
import { filledFor, otherSlot, type PairSettings, type Slot, slots } from './settings.ts';

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

/** The files of programs that both slots have, in turn; none where the app has no programs for slots. */
export async function programFilesOf(context: StepContext, settings: PairSettings): Promise<SideFile[]> {
  const files = await Promise.all(slots.map((slot) => programsOf(context, settings, slot)));
  return files.filter((file) => file !== undefined);
}

/** The names of those that a slot has on the box; `undefined` where it has none. */
export async function programsOnBox({ name }: PairSettings, slot: Slot): Promise<string[] | undefined> {
  const at = pathOf(name, slot);
  return (await ifThere(fs.stat(at))) === undefined ? undefined : await namesAt(at);
}

/** The names of the programs of a file; none where it is gone. */
export async function namesAt(file: string): Promise<string[]> {
  return namesIn((await ifThere(fs.readFile(file, 'utf8'))) ?? '');
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
export function programRunner(work: StepWork, settings: PairSettings, names: readonly string[]): Runner {
  const at = (slot: Slot) => pathOf(settings.name, slot);
  const end = (slot: Slot) => endPrograms(work, at(slot), names);
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
  await work.run(['supervisorctl', 'update', ...names]);
  const all = (await processes(work)) ?? [];
  const down = all.filter(({ group, state }) => names.includes(group) && isDown.has(state));
  await startAgain(
    work,
    'start',
    down.map(({ name }) => name),
  );
  await stayUp(work, groups, 0);
}

const isDown: ReadonlySet<string> = new Set(['STOPPED', 'EXITED', 'FATAL']);

/**
 * Ends programs, and takes their file away: without it `update` stops them.
 * @param names those that may run although their file is gone already, as when an agent was killed.
 */
export async function endPrograms(
  work: StepWork,
  file: string,
  names: readonly string[] = [],
): Promise<void> {
  const all = new Set([...names, ...(await namesAt(file))]);
  await fs.rm(file, { force: true });
  const known = new Set((await processes(work))?.map(({ group }) => group));
  const there = [...all].filter((name) => known.has(name));
  if (there.length > 0) await work.run(['supervisorctl', 'update', ...there]);
}
