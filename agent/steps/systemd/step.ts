import path from 'node:path';
import type { NamedChange } from '../../../protocol/deploymentPlan.ts';
import { asText } from '../../config/plain.ts';
import { milliseconds } from '../../config/units.ts';
import type { Step, StepContext, StepPlan, StepWork } from '../../deploy/step.ts';
import { installFiles, planFiles, sideChanges } from '../../deploy/steps/owned.ts';
import type { SideFile } from '../../deploy/steps/sideFiles.ts';
import { refuseTaken } from '../../deploy/steps/taken.ts';
import { AgentError } from '../../failure.ts';
import { renderedFiles, writeRendered } from '../rendered.ts';
import { type Facts, factsOf, keptFacts } from './facts.ts';
import { startUnits } from './start.ts';
import { endUnits, unitState } from './systemctl.ts';
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
  return { name: 'systemd', plan, prepare, deployed, withdraw, restore };
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
  await verifyUnits(work, units);
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
  await work.run(['systemctl', 'daemon-reload']);
  const started = startedOf(units);
  if (started.length > 0) await work.run(['systemctl', 'reenable', '--', ...started]);
  const settleMs = milliseconds(asText(work.options.settle) ?? '') ?? usualSettleMs;
  // Those that others start run the release of before until they are started anew.
  const running = facts.units.filter(({ name, isActive }) => isActive && units.has(name) && isService(name));
  await startUnits(work, [...new Set([...started, ...running.map(({ name }) => name)])], {
    changed: facts.changed,
    settleMs,
  });
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
  await work.run(['systemctl', 'daemon-reload']);
  const known = facts.units.filter(({ name, isKnown }) => isKnown && !isTemplate(name));
  const enabled = known.filter(({ isEnabled }) => isEnabled).map(({ name }) => name);
  if (enabled.length > 0) await work.run(['systemctl', 'reenable', '--', ...enabled]);
  for (const { name, isEnabled, isActive } of known) {
    const now = await unitState(work, name);
    if (!isEnabled && now.isEnabled) await work.run(['systemctl', 'disable', '--', name]);
    if (!isActive && now.isActive) await work.run(['systemctl', 'stop', '--', name]);
  }
  const active = known.filter(({ isActive }) => isActive).map(({ name }) => name);
  await startUnits(work, active, { changed: facts.changed, settleMs: 0 });
}

function startedOf(files: ReadonlyMap<string, string>): string[] {
  return unitsOf(files)
    .filter(({ isStarted }) => isStarted)
    .map(({ name }) => name);
}

function nameOf(at: string): string {
  return path.relative(unitFolder, at);
}
