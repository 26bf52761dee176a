import fs from 'node:fs/promises';
import path from 'node:path';
import { asText } from '../../config/plain.ts';
import { milliseconds } from '../../config/units.ts';
import type { Step, StepContext, StepPlan, StepWork } from '../../deploy/step.ts';
import { installFiles, planFiles, sideChanges } from '../../deploy/steps/owned.ts';
import type { SideFile } from '../../deploy/steps/sideFiles.ts';
import { refuseTaken } from '../../deploy/steps/taken.ts';
import { AgentError } from '../../failure.ts';
import { ifThere } from '../../releases/lasting.ts';
import { writeRendered } from '../rendered.ts';
import { checkPrograms } from './check.ts';
import { programFile, programFiles, programFolder } from './files.ts';
import { namesakes, refuseNamesakes } from './namesakes.ts';
import { groupsIn } from './programs.ts';
import { processes, startAgain, stayUp, updateGroups } from './supervisorctl.ts';

const usualSettleMs = 2000;
const none =
  'supervisor: supervisord does not run here; leave it out with `supervisor: false` in deploy/steps.yaml';

/**
 * Installs the app's programs of supervisord, starts them anew, and stops and takes away those that the new version lacks. Where one does
 * not stay up, the deployment fails with what it printed last.
 */
export function supervisorStep(): Step {
  return {
    name: 'supervisor',
    plan,
    async prepare(work) {
      const wanted = await programFiles(work);
      if (wanted.size === 0 && work.owned.files.size === 0) return;
      await refuseTaken(work, asSideFiles(wanted));
      await refuseNamesakes(work, wanted);
      await writeRendered(work, 'supervisord', wanted);
      await checkPrograms(work, programFolder, wanted);
    },
    deployed,
    restore,
  };
}

function asSideFiles(files: ReadonlyMap<string, string>): SideFile[] {
  return [...files].map(([name, content]) => programFile(name, content));
}

async function plan(context: StepContext): Promise<StepPlan> {
  const wanted = await programFiles(context);
  const { files, changes, obstacles } = await planFiles(context, asSideFiles(wanted));
  const before = new Set(await groupsOnBox(context, wanted));
  const after = groupsIn(wanted.values()).map(({ name }) => name);
  const texts = changes.changed.map((at) => wanted.get(path.basename(at)) ?? '');
  const changed = groupsIn(texts).filter(({ name }) => before.has(name));
  const added = after.filter((name) => !before.has(name));
  const removed = [...before].filter((name) => !after.includes(name));
  return {
    files,
    units: [
      ...added.map((name) => ({ name, change: 'added' as const })),
      ...changed.map(({ name }) => ({ name, change: 'changed' as const })),
      ...removed.map((name) => ({ name, change: 'removed' as const })),
    ],
    restarts: after,
    obstacles: [
      ...obstacles,
      ...(await namesakes(context, wanted)),
      ...((await processes(context)) === undefined ? [none] : []),
    ],
  };
}

/** The groups that the files on the box have, before anything of them is changed. */
async function groupsOnBox({ owned }: StepContext, wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const paths = new Set([...owned.files.keys(), ...asSideFiles(wanted).map((one) => one.path)]);
  const texts = await Promise.all(
    [...paths].map(async (at) => (await ifThere(fs.readFile(at, 'utf8'))) ?? ''),
  );
  return groupsIn(texts).map(({ name }) => name);
}

/** What is put down before anything of the box is changed. */
interface Facts {
  /** The groups of before. */
  groups: string[];
  /** Those of the release, too. */
  touched: string[];
  /** Those whose files differ, which are started anew in any case. */
  changed: string[];
  /** The processes that were meant to run. */
  running: string[];
}

async function knownFacts(work: StepWork, wanted: ReadonlyMap<string, string>): Promise<Facts> {
  const kept = await work.kept();
  if (kept !== undefined) return kept as unknown as Facts;
  const groups = await groupsOnBox(work, wanted);
  const { added, changed } = await sideChanges(work, asSideFiles(wanted));
  const texts = [...added, ...changed].map((at) => wanted.get(path.basename(at)) ?? '');
  const all = (await processes(work)) ?? [];
  const facts: Facts = {
    groups,
    touched: [...new Set([...groups, ...groupsIn(wanted.values()).map(({ name }) => name)])],
    changed: groupsIn(texts).map(({ name }) => name),
    running: all
      .filter(({ group, state }) => groups.includes(group) && state !== 'STOPPED')
      .map(({ name }) => name),
  };
  await work.keep(facts);
  return facts;
}

async function deployed(work: StepWork): Promise<void> {
  const wanted = await programFiles(work);
  // Those of slots are the pair's.
  if (wanted.size === 0 && work.owned.files.size === 0) return;
  if ((await processes(work)) === undefined) throw new AgentError('refused', none);
  await refuseTaken(work, asSideFiles(wanted));
  await refuseNamesakes(work, wanted);
  const groups = groupsIn(wanted.values());
  const facts = await knownFacts(work, wanted);
  await installFiles(work, asSideFiles(wanted));
  await updateGroups(work, facts.touched, new Set(groups.map(({ name }) => name)));
  const names = new Set(groups.map(({ name }) => name));
  await startAgain(
    work,
    'restart',
    facts.running.filter((name) => names.has(groupOf(name)) && !facts.changed.includes(groupOf(name))),
  );
  await stayUp(work, groups, milliseconds(asText(work.options.settle) ?? '') ?? usualSettleMs);
}

/** The programs are those of before again: those that ran run. */
async function restore(work: StepWork): Promise<void> {
  const facts = (await work.kept()) as Facts | undefined;
  if (facts === undefined) return;
  // When it starts, it finds the files of before.
  if ((await processes(work)) === undefined) return work.log('supervisord does not run', 'agent');
  await updateGroups(work, facts.touched, new Set(facts.groups));
  await startAgain(work, 'restart', facts.running);
  const running = new Set(facts.running.map(groupOf));
  await stayUp(
    work,
    [...running].map((name) => ({ name, mayEnd: true })),
    0,
  );
}

function groupOf(process: string): string {
  return process.replace(/:.*/, '');
}
