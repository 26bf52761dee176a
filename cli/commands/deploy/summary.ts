import { isOver } from '../../../remote/rollout/again.ts';
import { isGood, type Outcome, type Rollout, type RolloutBox } from '../../../remote/rollout/record.ts';
import { exitCodes } from '../../failure.ts';
import { timeText } from '../../output/board.ts';
import { foreignText } from '../../output/foreignText.ts';
import { colorsFor } from '../../output/problems.ts';
import { outcomeText } from '../../output/rolloutConsole.ts';
import { tableText } from '../../output/table.ts';

/** What the exit code of a rollout is. @param isStopped somebody asked to stop it. */
export function exitCodeOf({ boxes }: Rollout, isStopped: boolean): number {
  if (boxes.every(isGood)) return 0;
  const has = (...of: (Outcome | null)[]) => boxes.some((one) => of.includes(one.outcome));
  if (has(null, 'cancelled') || (isStopped && has('not_started'))) return exitCodes.stopped;
  if (has('unknown', 'unreachable')) return exitCodes.unknown;
  const isNothingBegun = !has('done', 'failed', 'rolled_back');
  return isNothingBegun && has('refused') ? exitCodes.refused : exitCodes.problems;
}

/** What came of a rollout: a row a box, and what may be done next. */
export function summaryText(rollout: Rollout): string {
  const colors = colorsFor(process.stdout);
  const rows = rollout.boxes.map((one) => [
    ...[one.box, versionText(one), outcomeText(one, colors), tookText(one)],
    one.reason === null ? '' : foreignText(one.reason),
  ]);
  const table = tableText(['box', 'version', 'result', 'time', 'reason'], rows, colors);
  const next = nextSteps(rollout).map((line) => `  ${line}\n`);
  return `\n${table}${next.length === 0 ? '' : `\n${colors.dim('what may be next:')}\n${next.join('')}`}`;
}

function versionText({ previous, version }: RolloutBox): string {
  if (version === null) return '-';
  return previous === null || previous === version ? version : `${previous} → ${version}`;
}

function tookText({ began, ended }: RolloutBox): string {
  return began === null || ended === null ? '-' : timeText(ended - began);
}

function nextSteps(rollout: Rollout): string[] {
  const { id, app, boxes } = rollout;
  if (boxes.every(isGood)) return [];
  const running = boxes.filter((one) => one.outcome === null);
  const told = boxes.filter((one) => !isGood(one) && one.outcome !== null && one.deployment !== null);
  const logs = [
    ...running.map((one) => logsOf(one, '-f ')),
    ...told.slice(0, 5).map((one) => logsOf(one, '')),
  ].filter((line) => line !== undefined);
  if (!isOver(rollout)) return [...logs, `strata deploy --resume ${id}`];
  const ill = boxes.filter(({ balancing }) => balancing?.stage === 'left_out');
  const revert = boxes.some((one) => one.outcome === 'done' && one.previous !== null);
  return [
    ...logs,
    ...ill.map(({ box }) => `strata balancers in ${box} --app ${app}`),
    `strata deploy --retry-failed ${id}`,
    ...(revert ? [`strata deploy --revert-succeeded ${id}`] : []),
  ];
}

function logsOf({ box, deployment }: RolloutBox, follow: string): string | undefined {
  return deployment === null ? undefined : `strata logs ${follow}--deployment ${deployment} --box ${box}`;
}

/** What came of a rollout, for machines. */
export function summaryJson(rollout: Rollout, exitCode: number): object {
  const { id, action, app, environment, of, boxes } = rollout;
  const facts = boxes.map(({ box, outcome, version, previous, deployment, reason, began, ended }) => ({
    ...{ box, outcome, version, previous, deployment, reason, began, ended },
  }));
  return { type: 'summary', version: 1, rollout: id, action, app, environment, of, exitCode, boxes: facts };
}
