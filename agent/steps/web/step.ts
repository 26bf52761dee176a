import path from 'node:path';
import type { NamedChange } from '../../../protocol/deploymentPlan.ts';
import type { Step, StepContext, StepPlan, StepWork } from '../../deploy/step.ts';
import { installFiles, planFiles, type SideChanges, sideChanges } from '../../deploy/steps/owned.ts';
import type { SideEntry } from '../../deploy/steps/sideFiles.ts';
import { takenFiles } from '../../deploy/steps/taken.ts';
import { AgentError } from '../../failure.ts';
import { writeRendered } from '../rendered.ts';
import { checkCopy, checkLive } from './check.ts';
import { isRunning, serveAnew, stopServing } from './reload.ts';
import type { WebServer } from './servers.ts';
import { foreignFiles, sitesOf } from './sites.ts';

/**
 * Installs the app's sites into the configuration of a web server, takes away those that the new version lacks, and has the server take it. A
 * configuration that it refuses does not stay, and it is never told to take one.
 */
export function webStep(server: WebServer): Step {
  return {
    name: server.name,
    plan: (context) => plan(context, server),
    prepare: (work) => prepare(work, server),
    deployed: (work) => deployed(work, server),
    restore: (work) => restore(work, server),
  };
}

async function plan(context: StepContext, server: WebServer): Promise<StepPlan> {
  const { name } = server;
  await checkInstalled(context, server);
  const { entries } = await sitesOf(context, server);
  const { files, changes } = await planFiles(context, entries);
  const running = await isRunning(context, server);
  const notes: string[] = [];
  if (running === false) notes.push(`${name}: it is not running, and is started`);
  else if (isDue(context, changes)) notes.push(`${name} is reloaded`);
  return {
    files,
    vhosts: vhostsOf(server, changes),
    notes,
    obstacles: await inTheWay(context, entries, changes),
  };
}

async function prepare(work: StepWork, server: WebServer): Promise<void> {
  await checkInstalled(work, server);
  const { rendered, entries } = await sitesOf(work, server);
  await refuseForeign(work, entries, await sideChanges(work, entries));
  await writeRendered(work, path.basename(server.templates), rendered);
  await checkCopy(work, server, entries);
}

async function deployed(work: StepWork, server: WebServer): Promise<void> {
  const { entries } = await sitesOf(work, server);
  const changes = await sideChanges(work, entries);
  await refuseForeign(work, entries, changes);
  // A life before this one may have put them there already.
  const before = await work.kept();
  const wasRunning = before === undefined ? await isRunning(work, server) : before.wasRunning;
  if (before === undefined && !isDue(work, changes) && wasRunning !== false)
    return work.log(`${server.name} goes on as it is: nothing of the app's sites changed`, 'agent');
  await work.keep({ wasRunning, isTaken: true });
  await installFiles(work, entries);
  try {
    await checkLive(work, server);
  } catch (error) {
    // The server knows nothing of it, and the files go back at once.
    await work.keep({ wasRunning, isTaken: false });
    throw error;
  }
  await serveAnew(work, server);
}

/** The files are those of the release before again: so is what the server does. */
async function restore(work: StepWork, server: WebServer): Promise<void> {
  const before = await work.kept();
  if (before?.isTaken !== true) return;
  if (before.wasRunning === false) return await stopServing(work, server);
  await checkLive(work, server);
  await serveAnew(work, server);
}

async function checkInstalled({ ask }: StepContext, { name, version }: WebServer): Promise<void> {
  const { code } = await ask(version);
  if (code === 0) return;
  const message = `${name}: this box has none; install it, or leave it out with \`${name}: false\` in deploy/steps.yaml`;
  throw new AgentError('refused', message);
}

/** What other apps and other people have where something of the app belongs, in words. */
async function inTheWay(
  context: StepContext,
  entries: readonly SideEntry[],
  { changed }: SideChanges,
): Promise<string[]> {
  const taken = await takenFiles(context, entries);
  const others = changed.filter((at) => !taken.has(at));
  return [...taken.values(), ...foreignFiles(context, others)];
}

async function refuseForeign(
  work: StepWork,
  entries: readonly SideEntry[],
  changes: SideChanges,
): Promise<void> {
  const foreign = await inTheWay(work, entries, changes);
  if (foreign.length > 0) throw new AgentError('refused', foreign.join('; '));
}

function isDue({ options }: StepContext, { added, changed, removed }: SideChanges): boolean {
  return options.reload === 'always' || added.length + changed.length + removed.length > 0;
}

/** Each once, though it is a file and a link. */
function vhostsOf({ folder }: WebServer, changes: SideChanges): NamedChange[] {
  const places = ['sites-available', 'sites-enabled', 'conf.d'].map((one) => path.join(folder, one));
  const found = new Map<string, NamedChange['change']>();
  for (const change of ['added', 'changed', 'removed'] as const)
    for (const at of changes[change]) {
      const name = path.basename(at);
      if (!places.includes(path.dirname(at))) continue;
      // A site whose link alone is missing comes anew to the server, but not to the box.
      const isOther = found.has(name) && found.get(name) !== change;
      found.set(name, isOther ? 'changed' : change);
    }
  return [...found].map(([name, change]) => ({ name, change }));
}
