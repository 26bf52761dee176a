import path from 'node:path';
import type { NamedChange } from '../../../protocol/deploymentPlan.ts';
import { asText } from '../../config/plain.ts';
import { milliseconds } from '../../config/units.ts';
import type { Step, StepContext, StepWork } from '../../deploy/step.ts';
import { installFiles, planFiles, sideChanges } from '../../deploy/steps/owned.ts';
import type { SideFile } from '../../deploy/steps/sideFiles.ts';
import { AgentError } from '../../failure.ts';
import { renderedFiles, writeRendered } from '../rendered.ts';
import { restartUnits, unitState } from './systemctl.ts';
import { isUnitFile, unitsOf } from './units.ts';
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

async function plan(context: StepContext) {
  const units = await wantedUnits(context);
  const { files, changes } = await planFiles(context, asSideFiles(units));
  const named = (change: NamedChange['change']) => (at: string) => ({ name: nameOf(at), change });
  const { code } = await context.ask(['systemctl', '--version']);
  return {
    files,
    units: [
      ...changes.added.map(named('added')),
      ...changes.changed.map(named('changed')),
      ...changes.removed.map(named('removed')),
    ],
    restarts: startedOf(units),
    obstacles:
      code === 0
        ? []
        : ['systemd: this box has no systemctl; leave it out with `systemd: false` in deploy/steps.yaml'],
  };
}

async function prepare(work: StepWork): Promise<void> {
  const units = await wantedUnits(work);
  await writeRendered(work, 'systemd', units);
  await verifyUnits(work, units);
}

async function deployed(work: StepWork): Promise<void> {
  const units = await wantedUnits(work);
  const files = asSideFiles(units);
  const changes = await sideChanges(work, files);
  const removed = changes.removed.map(nameOf).filter(isUnit);
  // A life before this one may have put its units there already.
  const before = await work.kept();
  const added = (before?.added as string[] | undefined) ?? changes.added.map(nameOf).filter(isUnit);
  const running =
    (before?.running as string[] | undefined) ?? (await runningOf(work, [...work.owned.files.keys()]));
  await work.keep({ added, running });
  if (removed.length > 0) await work.run(['systemctl', 'disable', '--now', '--', ...removed]);
  await installFiles(work, files);
  await work.run(['systemctl', 'daemon-reload']);
  const started = startedOf(units);
  if (started.length > 0) await work.run(['systemctl', 'enable', '--', ...started]);
  const settleMs = milliseconds(asText(work.options.settle) ?? '') ?? usualSettleMs;
  await restartUnits(work, started, settleMs);
}

/** Units that came with this release end while systemd still knows them. */
async function withdraw(work: StepWork): Promise<void> {
  const added = (await work.kept())?.added;
  if (Array.isArray(added) && added.length > 0)
    await work.run(['systemctl', 'disable', '--now', '--', ...added.map(String)]);
}

/** The units are those of the release before again: those that ran, run. */
async function restore(work: StepWork): Promise<void> {
  const running = (await work.kept())?.running;
  if (!Array.isArray(running)) return;
  await work.run(['systemctl', 'daemon-reload']);
  const units = running.map(String);
  if (units.length === 0) return;
  await work.run(['systemctl', 'enable', '--', ...units]);
  await restartUnits(work, units, 0);
}

function startedOf(files: ReadonlyMap<string, string>): string[] {
  return unitsOf(files)
    .filter(({ isStarted }) => isStarted)
    .map(({ name }) => name);
}

async function runningOf(work: StepWork, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const unit of paths.map(nameOf).filter(isUnit))
    if ((await unitState(work, unit)).isEnabled) found.push(unit);
  return found;
}

function nameOf(at: string): string {
  return path.relative(unitFolder, at);
}

/** Not a part of one. */
function isUnit(name: string): boolean {
  return !name.includes('/') && !/@\.\w+$/.test(name);
}
