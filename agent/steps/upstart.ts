import path from 'node:path';
import type { Step, StepContext, StepWork } from '../deploy/step.ts';
import { installFiles, planFiles, sideChanges } from '../deploy/steps/owned.ts';
import type { SideFile } from '../deploy/steps/sideFiles.ts';
import { refuseTaken } from '../deploy/steps/taken.ts';
import { AgentError } from '../failure.ts';
import { renderedFiles, writeRendered } from './rendered.ts';

const templates = 'deploy/templates/upstart';
const folder = '/etc/init';
const none = 'upstart is left out: this box has no initctl';

/**
 * Installs the app's upstart jobs and starts those anew that say when they start; those that the new version lacks are stopped and taken away. On
 * boxes without upstart it is left out.
 */
export function upstartStep(): Step {
  return {
    name: 'upstart',
    async plan(context) {
      if (!(await isHere(context))) return { notes: [none] };
      const jobs = await wantedJobs(context);
      const { files, changes, obstacles } = await planFiles(context, asSideFiles(jobs));
      const units = (['added', 'changed', 'removed'] as const).flatMap((change) =>
        changes[change].map((at) => ({ name: jobOf(at), change })),
      );
      return { files, units, restarts: startedOf(jobs), obstacles };
    },
    async prepare(work) {
      if (!(await isHere(work))) return;
      const jobs = await wantedJobs(work);
      await refuseTaken(work, asSideFiles(jobs));
      await writeRendered(work, 'upstart', jobs);
    },
    deployed,
    async withdraw(work) {
      const added = (await work.kept())?.added;
      for (const job of Array.isArray(added) ? added.map(String) : []) await stop(work, job);
    },
    async restore(work) {
      const running = (await work.kept())?.running;
      if (!Array.isArray(running)) return;
      await work.run(['initctl', 'reload-configuration']);
      for (const job of running.map(String)) await start(work, job);
    },
  };
}

async function deployed(work: StepWork): Promise<void> {
  if (!(await isHere(work))) return work.log(none, 'agent');
  const jobs = await wantedJobs(work);
  const files = asSideFiles(jobs);
  await refuseTaken(work, files);
  const { added, removed } = await sideChanges(work, files);
  if ((await work.kept()) === undefined) {
    const running: string[] = [];
    for (const job of [...work.owned.files.keys()].map(jobOf)) if (await runs(work, job)) running.push(job);
    await work.keep({ added: added.map(jobOf), running });
  }
  for (const job of removed.map(jobOf)) await stop(work, job);
  await installFiles(work, files);
  await work.run(['initctl', 'reload-configuration']);
  for (const job of startedOf(jobs)) await start(work, job);
}

async function isHere({ ask }: StepContext): Promise<boolean> {
  return (await ask(['initctl', 'version'])).code === 0;
}

async function wantedJobs(context: StepContext): Promise<Map<string, string>> {
  const files = await renderedFiles(context, templates);
  const wrong = [...files.keys()].find((name) => !/^[A-Za-z0-9_][A-Za-z0-9_.-]*\.conf$/.test(name));
  if (wrong === undefined) return files;
  throw new AgentError('refused', `${templates}/${wrong} is no job of upstart: name it as in shop.conf`);
}

function asSideFiles(files: ReadonlyMap<string, string>): SideFile[] {
  return [...files].map(([name, content]) => ({ path: path.join(folder, name), content }));
}

/** Others are started by jobs, with what instances need to know. */
function startedOf(jobs: ReadonlyMap<string, string>): string[] {
  return [...jobs].filter(([, text]) => /^start\s+on\s/m.test(text)).map(([name]) => jobOf(name));
}

function jobOf(at: string): string {
  return path.basename(at, '.conf');
}

async function runs({ ask }: StepContext, job: string): Promise<boolean> {
  return (await ask(['initctl', 'status', job])).stdout.includes('start/');
}

async function stop(work: StepWork, job: string): Promise<void> {
  if (await runs(work, job)) await work.run(['initctl', 'stop', job]);
}

/** A job that is only restarted keeps the file that it was started with. */
async function start(work: StepWork, job: string): Promise<void> {
  await stop(work, job);
  await work.run(['initctl', 'start', job]);
}
