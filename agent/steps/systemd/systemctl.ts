import { setTimeout as wait } from 'node:timers/promises';
import type { StepContext, StepWork } from '../../deploy/step.ts';
import { AgentError } from '../../failure.ts';

/** How a unit is, in systemd's words. */
export interface UnitState {
  /** `active`, `activating`, `inactive`, `failed` … */
  active: string;
  sub: string;
  /** `success`, `exit-code`, `signal` … */
  result: string;
  /** How often systemd started it again by itself. */
  restarts: number;
  isEnabled: boolean;
}

export async function unitState({ ask }: Pick<StepContext, 'ask'>, unit: string): Promise<UnitState> {
  const names = ['ActiveState', 'SubState', 'Result', 'NRestarts', 'UnitFileState'];
  const { stdout } = await ask(['systemctl', 'show', `--property=${names.join(',')}`, '--', unit]);
  const values = new Map(stdout.split('\n').map((line) => line.split('=', 2) as [string, string]));
  return {
    active: values.get('ActiveState') ?? '',
    sub: values.get('SubState') ?? '',
    result: values.get('Result') ?? '',
    restarts: Number(values.get('NRestarts') ?? 0),
    isEnabled: values.get('UnitFileState') === 'enabled',
  };
}

const lookEveryMs = 200;

/** Starts units anew and watches that they stay up for a while; `failed` with what a unit that does not says last in its journal. */
export async function restartUnits(
  work: StepWork,
  units: readonly string[],
  settleMs: number,
): Promise<void> {
  if (units.length === 0) return;
  const since = Math.floor(Date.now() / 1000);
  try {
    await work.run(['systemctl', 'restart', '--', ...units]);
  } catch (error) {
    for (const unit of units)
      if ((await unitState(work, unit)).active !== 'active') await tellJournal(work, unit, since);
    throw error;
  }
  await staysUp(work, units, { settleMs, since });
}

async function staysUp(
  work: StepWork,
  units: readonly string[],
  { settleMs, since }: { settleMs: number; since: number },
): Promise<void> {
  const until = performance.now() + settleMs;
  for (;;) {
    for (const unit of units) {
      const state = await unitState(work, unit);
      if (isWell(state)) continue;
      await tellJournal(work, unit, since);
      throw new AgentError(
        'failed',
        `${unit} does not stay up: it is ${state.active} (${state.sub}, ${state.result})`,
      );
    }
    const rest = until - performance.now();
    if (rest <= 0) return;
    await wait(Math.min(lookEveryMs, rest), undefined, { signal: work.signal }).catch(() => undefined);
    if (work.signal.aborted) return;
  }
}

/** One that has done its work may have ended. */
function isWell({ active, sub, result, restarts }: UnitState): boolean {
  if (restarts > 0 || sub === 'auto-restart') return false;
  return active === 'active' || active === 'activating' || (active === 'inactive' && result === 'success');
}

const lastLines = 30;

/** Puts the last lines of a unit's journal into that of the deployment. */
export async function tellJournal(work: StepContext, unit: string, since: number): Promise<void> {
  const { stdout, stderr } = await work.ask([
    ...(['journalctl', '--no-pager', '--output=short-iso', `--lines=${lastLines}`] as const),
    ...[`--since=@${since}`, `--unit=${unit}`],
  ]);
  for (const line of `${stdout}${stderr}`.split('\n')) if (line !== '') work.log(line, 'stderr');
}
