import path from 'node:path';
import type { NamedChange } from '../../../protocol/deploymentPlan.ts';
import { asText } from '../../config/plain.ts';
import { milliseconds } from '../../config/units.ts';
import type { Step, StepContext, StepPlan, StepWork } from '../../deploy/step.ts';
import { installFiles, planFiles, sideChanges } from '../../deploy/steps/owned.ts';
import type { SideFile } from '../../deploy/steps/sideFiles.ts';
import { refuseTaken } from '../../deploy/steps/taken.ts';
import { AgentError } from '../../failure.ts';
import { appPlaces } from '../../releases/layout.ts';
import { renderedFiles, writeRendered } from '../rendered.ts';
import { type Facts, factsOf, keptFacts } from './facts.ts';
import { startUnits } from './start.ts';
import { endUnits, stayUp, unitState } from './systemctl.ts';
import { isService, isTemplate, isUnitFile, isUnitName, unitsOf } from './units.ts';
import { verifyUnits } from './verify.ts';

const templates = 'deploy/templates/systemd';
const unitFolder = '/etc/systemd/system';
const usualSettleMs = 2000;

/** The units that a release is to run by, by their names, with what is rendered. */
async function wantedUnits(context: StepContext): Promise<Map<string, string>> {
  const files = await renderedFiles(context, templates);
  const wrong = [...files.keys()].filter((name) => !isUnitFile(name));
  if (wrong.length === 0) return files;
  const message = `${templates}/${wrong[0]} is no unit: name it as in shop.service, shop.timer or shop.service.d/more.conf`;
  throw new AgentError('refused', message);
}

function asSideFiles(files: ReadonlyMap<string, string>): SideFile[] {
  return [...files].map(([name, content]) => ({ path: path.join(unitFolder, name), content }));
}

/**
 * Installs the app's units, starts them anew, and stops and takes away those that the new version lacks. Where one does not stay up, the
 * deployment fails with the last lines of its journal.
 */
export function systemdStep(): Step {
  return { name: 'systemd', plan, prepare, deployed, watched, withdraw, restore };
}

async function plan(context: StepContext): Promise<StepPlan> {
  const units = await wantedUnits(context);
  const { files, changes, obstacles } = await planFiles(context, asSideFiles(units));
  const named = (change: NamedChange['change']) => (at: string) => ({ name: nameOf(at), change });
  const { code } = await context.ask(['systemctl', '--version']);
  const none = 'systemd: this box has no systemctl; leave it out with `systemd: false` in deploy/steps.yaml';
  const changed = new Set([...changes.added, ...changes.changed].map(nameOf));
  return {
    files,
    units: [
      ...changes.added.map(named('added')),
      ...changes.changed.map(named('changed')),
      ...changes.removed.map(named('removed')),
    ],
    restarts: startedOf(units).filter((name) => isService(name) || changed.has(name)),
    obstacles: code === 0 ? obstacles : [...obstacles, none],
  };
}

async function prepare(work: StepWork): Promise<void> {
  const units = await wantedUnits(work);
  await refuseTaken(work, asSideFiles(units));
  await writeRendered(work, 'systemd', units);
  if (await isNew(work, units)) await verifyUnits(work, units);
}

/** Units that are on the box as they are, and name nothing of the release, were checked when they came; it takes a while. */
async function isNew(work: StepWork, units: ReadonlyMap<string, string>): Promise<boolean> {
  const { live } = appPlaces(work.root, work.app);
  const { added, changed } = await sideChanges(work, asSideFiles(units));
  return added.length + changed.length > 0 || [...units.values()].some((text) => text.includes(live));
}

async function deployed(work: StepWork): Promise<void> {
  const units = await wantedUnits(work);
  const files = asSideFiles(units);
  // A release that is gone back to was not prepared anew.
  await refuseTaken(work, files);
  const changes = await sideChanges(work, files);
  const removed = changes.removed.map(nameOf).filter(isUnitName);
  const facts = await knownFacts(work, units);
  await endUnits(work, removed);
  await installFiles(work, files);
  await reloadManager(work, facts);
  const started = startedOf(units);
  if (started.length > 0) await work.run(['systemctl', 'reenable', '--', ...started]);
  // Those that others start run the release of before until they are started anew.
  const running = facts.units.filter(({ name, isActive }) => isActive && units.has(name) && isService(name));
  const all = [...new Set([...started, ...running.map(({ name }) => name)])];
  await startUnits(work, all, facts.changed);
  await work.keep({ ...facts, started: { units: all, since: Date.now() } });
}

/** What was started has to stay up for a while; meanwhile the deployment goes on to its checks. */
async function watched(work: StepWork): Promise<void> {
  const { started } = (await keptFacts(work)) ?? {};
  if (started === undefined) return;
  const settleMs = milliseconds(asText(work.options.settle) ?? '') ?? usualSettleMs;
  const gone = Math.max(0, Date.now() - started.since);
  await stayUp(work, started.units, { since: started.since, restMs: Math.max(0, settleMs - gone) });
}

/** What there was before the step changed anything; a life before this one may have put it down. */
async function knownFacts(work: StepWork, wanted: ReadonlyMap<string, string>): Promise<Facts> {
  const kept = await keptFacts(work);
  if (kept !== undefined) return kept;
  const { added, changed, removed } = await sideChanges(work, asSideFiles(wanted));
  const names = [...wanted.keys(), ...[...work.owned.files.keys()].map(nameOf)];
  const facts = await factsOf(work, names, [...added, ...changed, ...removed].map(nameOf));
  await work.keep(facts);
  return facts;
}

/** Units that came with this release end while systemd still has their files. */
async function withdraw(work: StepWork): Promise<void> {
  const facts = await keptFacts(work);
  await endUnits(work, facts?.units.filter(({ isKnown }) => !isKnown).map(({ name }) => name) ?? []);
}

/** The units are those of before again: those that ran run, and those that were enabled are. */
async function restore(work: StepWork): Promise<void> {
  const facts = await keptFacts(work);
  if (facts === undefined) return;
  await reloadManager(work, facts);
  const known = facts.units.filter(({ name, isKnown }) => isKnown && !isTemplate(name));
  const enabled = known.filter(({ isEnabled }) => isEnabled).map(({ name }) => name);
  if (enabled.length > 0) await work.run(['systemctl', 'reenable', '--', ...enabled]);
  for (const { name, isEnabled, isActive } of known) {
    const now = await unitState(work, name);
    if (!isEnabled && now.isEnabled) await work.run(['systemctl', 'disable', '--', name]);
    if (!isActive && now.isActive) await work.run(['systemctl', 'stop', '--', name]);
  }
  const active = known.filter(({ isActive }) => isActive).map(({ name }) => name);
  await startUnits(work, active, facts.changed);
}

/** It takes systemd half a second of the box's time, in which apps are slower: not without need. */
async function reloadManager(work: StepWork, { units, changed }: Facts): Promise<void> {
  if (changed.length > 0 || (await isBehind(work, units))) await work.run(['systemctl', 'daemon-reload']);
}

/** Whether systemd has not read a unit since its file was changed. */
async function isBehind({ ask }: StepWork, units: Facts['units']): Promise<boolean> {
  const names = units.map(({ name }) => name).filter((name) => !isTemplate(name));
  if (names.length === 0) return false;
  const { stdout } = await ask([
    'systemctl',
    'show',
    '--property=NeedDaemonReload',
    '--value',
    '--',
    ...names,
  ]);
  return /^yes$/m.test(stdout);
}

function startedOf(files: ReadonlyMap<string, string>): string[] {
  return unitsOf(files)
    .filter(({ isStarted }) => isStarted)
    .map(({ name }) => name);
}

function nameOf(at: string): string {
  return path.relative(unitFolder, at);
}
