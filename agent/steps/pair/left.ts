import type { StepContext, StepPlan, StepWork } from '../../deploy/step.ts';
import { installFiles } from '../../deploy/steps/owned.ts';
import { settingsOf } from '../../deploy/steps/stepsOf.ts';
import { endPrograms, namesAt } from './programs.ts';
import { slotPlaces } from './slots.ts';

/** Whether an earlier version of the app has programs of slots here, and this one has no pair. */
export async function isLeft({ owned, release }: StepContext): Promise<boolean> {
  return owned.files.size > 0 && !(await settingsOf(release)).steps.has('pair');
}

export function planLeft({ owned }: StepContext): StepPlan {
  return { notes: [`pair: the slots of before are ended: ${[...owned.files.keys()].join(', ')} go`] };
}

/** Behind the last check: until then what comes in their place may fail. */
export async function endLeft(work: StepWork): Promise<void> {
  const files = [...work.owned.files.keys()];
  // Their names are put down before the files go, for the next life of the agent.
  const known = (await work.kept())?.programs as string[] | undefined;
  const names = known ?? (await Promise.all(files.map(namesAt))).flat();
  await work.keep({ programs: names });
  for (const file of files) await endPrograms(work, file, names);
  await slotPlaces(work.root, work.app).serveNone();
  await installFiles(work, []);
}
