import { setTimeout as wait } from 'node:timers/promises';
import type { StepContext, StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';
import { isTemplate } from './units.ts';

/** How a unit is, in systemd's words. */
export interface UnitState {
  /** `active`, `activating`, `inactive`, `failed` … */
  active: string;
  sub: string;
  /** `success`, `exit-code`, `signal` … */
  result: string;
  /** Of a service: `simple`, `oneshot` … */
  type: string;
  /** How often systemd started it again by itself. */
  restarts: number;
  isEnabled: boolean;
  isActive: boolean;
  isKnown: boolean;
  /** Whether it was not started since a condition of it does not hold. */
  isLeftOut: boolean;
}

const asked = [
  ...['LoadState', 'ActiveState', 'SubState', 'Result', 'Type', 'NRestarts', 'UnitFileState'],
  ...['ConditionResult', 'ConditionTimestampMonotonic'],
];

export async function unitState({ ask }: Pick<StepContext, 'ask'>, unit: string): Promise<UnitState> {
  const { stdout } = await ask(['systemctl', 'show', `--property=${asked.join(',')}`, '--', unit]);
  const values = new Map(stdout.split('\n').map((line) => line.split('=', 2) as [string, string]));
  const value = (name: string) => values.get(name) ?? '';
  const wasTried = !['', '0'].includes(value('ConditionTimestampMonotonic'));
  return {
    active: value('ActiveState'),
    sub: value('SubState'),
    result: value('Result'),
    type: value('Type'),
    restarts: Number(value('NRestarts')),
    isEnabled: value('UnitFileState') === 'enabled',
    // What a timer has begun is not meant to be up.
    isActive:
      ['active', 'reloading'].includes(value('ActiveState')) ||
      (value('ActiveState') === 'activating' && value('Type') !== 'oneshot'),
    isKnown: !['', 'not-found'].includes(value('LoadState')),
    isLeftOut: wasTried && value('ConditionResult') === 'no',
  };
}

/** The units that another one starts when it is time. */
export async function triggeredBy({ ask }: Pick<StepContext, 'ask'>, unit: string): Promise<string[]> {
  const { stdout } = await ask(['systemctl', 'show', '--property=Triggers', '--value', '--', unit]);
  return stdout.split(/\s+/).filter((name) => name !== '' && !isTemplate(name));
}

/** Stops and disables units, with all instances of those that are templates; one that has no file is none to end. */
export async function endUnits(work: StepWork, units: readonly string[]): Promise<void> {
  const there: string[] = [];
  for (const unit of units)
    if ((await work.ask(['systemctl', 'cat', '--', unit])).code === 0) there.push(unit);
  if (there.length === 0) return;
  const instances = there.filter(isTemplate).map((name) => name.replace(/@\./, '@*.'));
  if (instances.length > 0) await work.run(['systemctl', 'stop', '--', ...instances]);
  await work.run(['systemctl', 'disable', '--', ...there]);
  const plain = there.filter((name) => !isTemplate(name));
  if (plain.length > 0) await work.run(['systemctl', 'stop', '--', ...plain]);
  await forgetFailures(work, plain);
}

/** What failed before counts no more, nor how often it was started. */
async function forgetFailures(work: StepWork, units: readonly string[]): Promise<void> {
  const failed: string[] = [];
  for (const unit of units) {
    const { active, restarts } = await unitState(work, unit);
    if (active === 'failed' || restarts > 0) failed.push(unit);
  }
  if (failed.length > 0) await work.run(['systemctl', 'reset-failed', '--', ...failed]);
}

const lookEveryMs = 200;

/** Starts units anew; `failed` with what one says last in its journal that does not start, or has ended already; also of others, that are up. */
export async function restartUnits(
  work: StepWork,
  units: readonly string[],
  others: readonly string[] = [],
): Promise<void> {
  const all = [...units, ...others];
  if (all.length === 0) return;
  const since = Date.now();
  if (units.length > 0) {
    await forgetFailures(work, units);
    await restart(work, units, since);
  }
  await stayUp(work, all, { since, restMs: 0 });
}

async function restart(work: StepWork, units: readonly string[], since: number): Promise<void> {
  try {
    await work.run(['systemctl', 'restart', '--', ...units]);
  } catch (error) {
    for (const unit of units) await checkUnit(work, unit, since);
    throw error;
  }
}

/**
 * Watches for a while that units stay up; `failed` with what one that does not says last in its journal.
 * @param since when they were started, in milliseconds since 1970.
 */
export async function stayUp(
  work: StepWork,
  units: readonly string[],
  { since, restMs }: { since: number; restMs: number },
): Promise<void> {
  const until = performance.now() + restMs;
  for (;;) {
    for (const unit of units) await checkUnit(work, unit, since);
    const rest = until - performance.now();
    if (rest <= 0) return;
    await wait(Math.min(lookEveryMs, rest), undefined, { signal: work.signal }).catch(() => undefined);
    if (work.signal.aborted) return;
  }
}

async function checkUnit(work: StepWork, unit: string, since: number): Promise<void> {
  const state = await unitState(work, unit);
  if (isWell(state)) return;
  await tellJournal(work, unit, since);
  const told = `${state.active} (${state.sub}, ${state.result})`;
  throw new AgentError('failed', `${unit} does not stay up: it is ${told}`);
}

/** One that has done its work may have ended. */
function isWell({ active, sub, result, type, restarts, isLeftOut }: UnitState): boolean {
  if (restarts > 0 || sub === 'auto-restart') return false;
  if (['active', 'activating', 'reloading'].includes(active)) return true;
  return active === 'inactive' && result === 'success' && (type === 'oneshot' || isLeftOut);
}

const lastLines = 30;

/** Puts the last lines of a unit's journal into that of the deployment. */
async function tellJournal(work: StepContext, unit: string, since: number): Promise<void> {
  // What it said last may be on its way there.
  await work.ask(['journalctl', '--sync']);
  const { stdout, stderr } = await work.ask([
    ...(['journalctl', '--no-pager', '--output=short-iso', `--lines=${lastLines}`] as const),
    ...[`--since=@${Math.floor(since / 1000)}`, `--unit=${unit}`],
  ]);
  for (const line of `${stdout}${stderr}`.split('\n')) if (line !== '') work.log(line, 'stderr');
}
